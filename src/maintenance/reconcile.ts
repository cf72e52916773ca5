import { log } from '../log.ts';
import { SELECT_NOT_CLOSING } from '../store/find-open.ts';
import { keepRun } from '../store/upkeep-runs.ts';
import { countFindings } from './count.ts';
import type { UpkeepDependencies } from './dependencies.ts';
import { type Adopted, type ArchiveSpan, adoptOrphans } from './orphans.ts';
import { type Resent, resendOpen } from './resend.ts';

/** Everything that was found between archive, receipts and rows. */
export interface Findings {
  receipts: Resent;
  archive: Adopted;
  /** Ids of complete receipts that do not add up: an alarm. */
  not_closing: string[];
}

/** Brings archive, receipts and rows together again. Can be done at any time, and as often as one likes. */
export async function reconcile(
  span: ArchiveSpan,
  dependencies: UpkeepDependencies,
): Promise<Findings> {
  const findings: Findings = {
    // First, or what is adopted now would be sent twice.
    receipts: await resendOpen(dependencies),
    archive: await adoptOrphans(span, dependencies),
    not_closing: await findNotClosing(dependencies),
  };
  await dependencies.database.query(keepRun('reconcile', { ...findings }));
  return findings;
}

async function findNotClosing({ database }: UpkeepDependencies): Promise<string[]> {
  const rows = await database.query(SELECT_NOT_CLOSING);
  const ids = rows.map(({ id }) => String(id));
  for (const id of ids) log('error', 'receipt does not close', { ingestion_id: id });
  countFindings({ receipts_not_closing: ids.length });
  return ids;
}

const DAY_MS = 86_400_000;

/** The days `[from, to]`, as the archive names them. */
export function daysOf(from: number, to: number): string[] {
  const days: string[] = [];
  for (let at = Math.floor(from / DAY_MS) * DAY_MS; at <= to; at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}
