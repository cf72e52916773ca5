import {
  type Database,
  DatabaseFault,
  DatabaseUnreachable,
  type Row,
  type Statement,
} from '../database.ts';
import type { Decoded, Ingestion, Receipt } from '../model.ts';
import { apartFromNew, nothingSeen, type Rules } from './certainly-new.ts';
import { toReceipt } from './find-receipts.ts';
import { partitionsFor, type SliceLoad, WITHOUT_JIT, writing } from './load.ts';
import {
  ensurePartitions,
  type MissingMonths,
  selectMissingMonths,
  toMissingMonths,
} from './partitions.ts';
import { receiptPartitions } from './receipts.ts';
import { requirePerson } from './require-person.ts';
import { atStoredStarts } from './stored-starts.ts';

/**
 * Loads that are rolled back. What they write until then are rows of the person alone: no table is made or changed, and
 * nothing is locked that others wait for.
 */

/** Another dry run or a load of the same person is under way: the same may succeed in a moment. */
export class DryRunBusy extends DatabaseUnreachable {
  override name = 'DryRunBusy';
}

/** A statement of it has taken longer than a dry run may. */
export class DryRunTooLong extends Error {
  override name = 'DryRunTooLong';
}

/**
 * What storing these slices of one upload would lead to.
 * @param rules what becomes of two rows for the same thing.
 * @throws DryRunBusy, DryRunTooLong, DatabaseUnreachable, DatabaseFault
 */
export async function dryRun(
  database: Database,
  loads: readonly SliceLoad[],
  rules: Rules,
): Promise<Receipt> {
  const [first] = loads;
  if (first === undefined) throw new Error('A dry run of nothing.');
  const { ingestion } = first;
  const { slices, missing } = await locate(database, loads, ingestion);
  // This month's, if the nightly run has not made them: they are made once, for all.
  const now = [ingestion.receivedAt];
  const ofReceipts = { ...receiptPartitions(ingestion), ingestion_slices: now, set_aside: now };
  if (Object.keys(ofReceipts).some((table) => missing.has(table))) {
    await database.query(ensurePartitions(ofReceipts));
  }
  const seen = nothingSeen(rules);
  return toReceipt(
    await translated(
      database.dryRun([
        WITHOUT_JIT,
        beginDryRun(ingestion.userId),
        requirePerson(ingestion.userId),
        ...loads.flatMap((load, i) =>
          writing({ ...load, decoded: apartFromNew(slices[i] ?? load.decoded, missing, seen) }),
        ),
      ]),
    ),
  );
}

/** What the slices hold, with rows that would be moved where they are; and the months that have no partition for it. */
async function locate(
  database: Database,
  loads: readonly SliceLoad[],
  ingestion: Ingestion,
): Promise<{ slices: Decoded[]; missing: MissingMonths }> {
  const missingOf = async (slices: Decoded[]): Promise<MissingMonths> =>
    toMissingMonths(
      await database.query(
        selectMissingMonths(slices.map((each) => partitionsFor(ingestion, each))),
      ),
    );
  const decoded = loads.map((load) => load.decoded);
  const missing = await missingOf(decoded);
  const slices = await atStoredStarts(database, {
    userId: ingestion.userId,
    slices: decoded,
    missing,
  });
  return { slices, missing: slices === decoded ? missing : await missingOf(slices) };
}

/**
 * Whether a part of a slice can be stored. It is about to be, so its partitions are made for good, once, and the dry run
 * makes none.
 * @throws DatabaseUnreachable, DatabaseFault
 */
export async function dryRunOfPart(database: Database, load: SliceLoad): Promise<void> {
  await database.query(ensurePartitions(partitionsFor(load.ingestion, load.decoded)));
  await database.dryRun([WITHOUT_JIT, requirePerson(load.ingestion.userId), ...writing(load)]);
}

/** Limits the time of each statement and each wait, and fails if another of the person is under way (migrations/0019). */
const beginDryRun = (userId: string): Statement => ({
  text: 'select begin_dry_run($1::uuid)',
  params: [userId],
});

const BUSY = ['SS002', '55P03'];
const STATEMENT_TIMEOUT = '57014';

async function translated(work: Promise<Row>): Promise<Row> {
  try {
    return await work;
  } catch (error) {
    const isOfDatabase = error instanceof DatabaseFault || error instanceof DatabaseUnreachable;
    const code = isOfDatabase ? error.code : null;
    if (code === STATEMENT_TIMEOUT) throw new DryRunTooLong();
    if (code !== null && BUSY.includes(code)) throw new DryRunBusy('A dry run has to wait', code);
    throw error;
  }
}
