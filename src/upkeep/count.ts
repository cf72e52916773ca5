import { isolateMeter } from '../telemetry/isolate-meter.ts';
import type { Adopted } from './orphans.ts';
import type { Resent } from './resend.ts';

/** Counts what was mended or found, for `upkeep_total`. */

const count = (finding: string, times: number): void => {
  if (times > 0) isolateMeter.count('upkeep_total', { finding }, times);
};

export function countResent({ slices, replayed, gone }: Resent): void {
  count('slices_resent', slices);
  count('uploads_replayed', replayed);
  count('bodies_gone', gone);
}

export function countAdopted({ adopted, rejected }: Adopted): void {
  count('bodies_adopted', adopted);
  count('bodies_rejected', rejected);
}

export const countNotClosing = (receipts: number): void => count('receipts_not_closing', receipts);
