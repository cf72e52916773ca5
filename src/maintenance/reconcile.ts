import { log } from '../log.ts';
import { SELECT_NOT_CLOSING } from '../store/find-open.ts';
import type { ArchiveHours, ArchivePosition } from '../store/list-raw.ts';
import { rawPrefixOf } from '../store/raw-keys.ts';
import { keepRun } from '../store/upkeep-runs.ts';
import { type Adopted, adoptHours } from './adopt.ts';
import { countFindings } from './count.ts';
import type { MaintenanceDependencies } from './dependencies.ts';
import { type Resent, resendOpen } from './resend.ts';
import { type TakenIn, takeInHeld } from './take-in.ts';

/** Everything that was found between archive, receipts and rows. */
export interface Findings {
  receipts: Resent;
  held: TakenIn;
  archive: Adopted & {
    /** Where a next call goes on; `null`: that was all. */
    next_cursor: string | null;
  };
  /** Ids of complete receipts that do not add up: an alarm. */
  not_closing: string[];
}

/** A call lists so often, and adopts so much; another one goes on. */
const MAX_PAGES = 500;
const MAX_BODIES = 50;
const MAX_BYTES = 100 * 1024 * 1024;

/** Brings archive, receipts and rows together again. Can be done at any time, and as often as one likes. */
export async function reconcile(
  hours: ArchiveHours,
  from: ArchivePosition,
  dependencies: MaintenanceDependencies,
): Promise<Findings> {
  // First, or what is taken in or adopted now would be sent twice.
  const receipts = await resendOpen(dependencies);
  const held = await takeInHeld(dependencies);
  const budget = { pages: MAX_PAGES, bodies: MAX_BODIES, bytes: MAX_BYTES };
  const { adopted, next } = await adoptHours(hours, from, { ...dependencies, budget });
  const archive = { ...adopted, next_cursor: next === null ? null : cursorOf(next) };
  const findings = { receipts, held, archive, not_closing: await findNotClosing(dependencies) };
  await dependencies.database.query(keepRun('reconcile', findings));
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

async function findNotClosing({ database }: MaintenanceDependencies): Promise<string[]> {
  const rows = await database.query(SELECT_NOT_CLOSING);
  const ids = rows.map(({ id }) => String(id));
  for (const id of ids) log('error', 'receipt does not close', { ingestion_id: id });
  countFindings({ receipts_not_closing: ids.length });
  return ids;
}
