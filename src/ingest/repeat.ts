import { type Database, DatabaseFault, DatabaseUnreachable } from '../database.ts';
import type { Ingestion, Receipt } from '../model.ts';
import { type EarlierUpload, selectEarlier, toEarlier } from '../store/find-earlier.ts';
import { selectReceipt, toReceipt } from '../store/find-receipts.ts';
import {
  BodyDamaged,
  BodyGone,
  readEnds,
  rejectRaw,
  removeRaw,
  StorageUnreachable,
} from '../store/raw.ts';
import { handOn, jobsOf } from './dispatch.ts';
import type { Lanes } from './lanes.ts';
import type { Received } from './receive.ts';

export interface RepeatDependencies {
  database: Database;
  bucket: R2Bucket;
  lanes: Lanes;
  /** How far back a repetition is recognised. */
  windowHours: number;
}

/** The same Idempotency-Key came with another body, which must not be taken for the first. */
export class IdempotencyKeyReused extends Error {
  override name = 'IdempotencyKeyReused';
}

/**
 * Answers an upload that has come before with the receipt of the first. If that is not complete, its slices are
 * sent once more: those that were loaded will say so.
 * @returns `null` if the upload is new, or if the database cannot tell.
 * @throws IdempotencyKeyReused
 */
export async function answerRepeat(
  ingestion: Ingestion,
  received: Received,
  dependencies: RepeatDependencies,
): Promise<Receipt | null> {
  const { bucket, lanes } = dependencies;
  const found = await findEarlier(ingestion, received.archived.sha256, dependencies);
  if (found === null) return null;
  const { earlier, receipt } = found;
  if (earlier.archived.sha256 !== received.archived.sha256) {
    await rejectRaw(bucket, received.archived.rawKey);
    throw new IdempotencyKeyReused('The key stands for another body');
  }
  if (!earlier.closed) {
    if (earlier.archived.cut !== received.archived.cut) return null;
    if (!(await sendAgain(earlier, received, { bucket, lanes }))) return null;
  }
  await removeRaw(bucket, received.archived.rawKey);
  return receipt;
}

/** @returns whether the body of the earlier upload is there. A damaged one is not: the new body is the better copy. */
async function sendAgain(
  { ingestion, archived }: EarlierUpload,
  { slices }: Received,
  { bucket, lanes }: Pick<RepeatDependencies, 'bucket' | 'lanes'>,
): Promise<boolean> {
  try {
    const ends = await readEnds(bucket, archived.rawKey);
    await handOn(jobsOf(ingestion, { archived, slices, ends }), { lanes, deferSeconds: null });
    return true;
  } catch (error) {
    if (error instanceof BodyGone || error instanceof BodyDamaged) return false;
    // Maintenance sends them once the archive is back.
    if (error instanceof StorageUnreachable) return true;
    throw error;
  }
}

async function findEarlier(
  ingestion: Ingestion,
  sha256: string,
  { database, windowHours }: RepeatDependencies,
): Promise<{ earlier: EarlierUpload; receipt: Receipt } | null> {
  try {
    const [row] = await database.query(selectEarlier(ingestion, sha256, windowHours));
    if (row === undefined) return null;
    const earlier = toEarlier(row, ingestion);
    const [receipt] = await database.query(
      selectReceipt(earlier.ingestion.id, ingestion.userId, null),
    );
    return receipt === undefined ? null : { earlier, receipt: toReceipt(receipt) };
  } catch (error) {
    if (error instanceof DatabaseUnreachable || error instanceof DatabaseFault) return null;
    throw error;
  }
}
