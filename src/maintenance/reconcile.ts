import type { ArchiveHours, ArchivePosition } from '../store/list-raw.ts';
import { rawPrefixOf } from '../store/raw-keys.ts';
import { keepRun } from '../store/upkeep-runs.ts';
import { type Adopted, adoptHours } from './adopt.ts';
import type { MaintenanceDependencies } from './dependencies.ts';
import { check } from './receipts.ts';
import { type Resent, resendOpen } from './resend.ts';
import { type TakenIn, takeInHeld } from './take-in.ts';

/** Everything that was found between archive, receipts and rows. */
export interface Findings {
  receipts: Omit<Resent, 'taken'>;
  held: TakenIn;
  archive: Adopted & {
    /** Where a next call goes on; `null`: that was all. */
    next_cursor: string | null;
  };
  /** Ids of receipts that have closed within the hour and do not add up: an alarm. */
  not_closing: string[];
}

/** A call lists so often, and adopts so much; another one goes on. */
const MAX_PAGES = 500;
const MAX_HELD = 500;
const MAX_BODIES = 50;
const MAX_BYTES = 100 * 1024 * 1024;

/** Brings archive, receipts and rows together again. Can be done at any time, and as often as one likes. */
export async function reconcile(
  hours: ArchiveHours,
  from: ArchivePosition,
  dependencies: MaintenanceDependencies,
): Promise<Findings> {
  // First, or what is taken in or adopted now would be sent twice.
  const { taken: _, ...receipts } = await resendOpen(dependencies);
  const { found: held } = await takeInHeld({ after: null, max: MAX_HELD }, dependencies);
  const budget = { pages: MAX_PAGES, bodies: MAX_BODIES, bytes: MAX_BYTES };
  const walk = { position: from, again: [] };
  const { adopted, next } = await adoptHours(hours, walk, { ...dependencies, budget });
  const archive = { ...adopted, next_cursor: next === null ? null : cursorOf(next) };
  const { receipts: checked, notClosing } = await check(null, dependencies);
  const run = { checked, not_closing: notClosing };
  await dependencies.database.query(keepRun('check_receipts', run));
  const findings = { receipts, held, archive, not_closing: notClosing };
  return findings;
}

/** A position as text: the last key that was listed, or the folder of an hour. */
const cursorOf = ({ hour, after }: ArchivePosition): string => after ?? rawPrefixOf(hour, null);

/** @returns `null` if it is no cursor of ours. */
export function readArchiveCursor(cursor: string): ArchivePosition | null {
  const hour = /^raw\/(\d{4}-\d\d-\d\dT\d\d)\//.exec(cursor)?.[1];
  if (hour === undefined) return null;
  return { hour, after: cursor === rawPrefixOf(hour, null) ? null : cursor };
}
