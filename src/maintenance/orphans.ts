import { InvalidJson } from '../hae/scan.ts';
import { readDescription } from '../ingest/description.ts';
import { dispatch } from '../ingest/dispatch.ts';
import { faultOf } from '../ingest/faults.ts';
import { recut } from '../ingest/recut.ts';
import { log } from '../log.ts';
import { selectPeople, selectWithoutReceipt } from '../store/find-open.ts';
import { receivedAtOf } from '../store/find-receipts.ts';
import { type ListedRaw, listRaw, rejectRaw } from '../store/raw.ts';
import { countFindings } from './count.ts';
import type { UpkeepDependencies } from './dependencies.ts';

/** What became of archived bodies that no receipt knows. */
export interface Adopted {
  /** Bodies that were looked at. */
  bodies: number;
  /** Those that got their receipt, and whose slices were sent. */
  adopted: number;
  /** Those that are no payloads, and were moved to `rejected/`. */
  rejected: number;
  /** Those from before bodies described themselves, and those that could not be looked at now. */
  left: number;
}

export interface ArchiveSpan {
  /** Of one person alone. */
  email: string | null;
  /** Days on which bodies were received, `yyyy-mm-dd`, UTC. */
  days: readonly string[];
}

/**
 * The archive is the truth: a body without a receipt is one whose upload ended between the two, and which nothing
 * else knows any more. It says itself what it is, and is loaded like any other.
 */
export async function adoptOrphans(
  { email, days }: ArchiveSpan,
  dependencies: UpkeepDependencies,
): Promise<Adopted> {
  const adopted: Adopted = { bodies: 0, adopted: 0, rejected: 0, left: 0 };
  const people = await dependencies.database.query(selectPeople(email));
  for (const person of people) {
    for (const day of days) {
      for await (const page of listRaw(dependencies.bucket, String(person.id), day)) {
        adopted.bodies += page.length;
        for (const orphan of await withoutReceipt(page, dependencies)) {
          adopted[await adopt(orphan, dependencies)]++;
        }
      }
    }
  }
  countFindings({ bodies_adopted: adopted.adopted, bodies_rejected: adopted.rejected });
  return adopted;
}

async function withoutReceipt(
  page: readonly ListedRaw[],
  { database, sweepAfterSeconds }: UpkeepDependencies,
): Promise<ListedRaw[]> {
  // An upload that is under way has a body and no receipt for a moment.
  const youngest = Date.now() - sweepAfterSeconds * 1000;
  const uploads = page
    .map(({ ingestionId: id }) => ({ id, receivedAt: receivedAtOf(id) }))
    .filter(({ receivedAt }) => receivedAt < youngest);
  if (uploads.length === 0) return [];
  const missing = await database.query(selectWithoutReceipt(uploads));
  const ids = new Set(missing.map(({ id }) => String(id)));
  return page.filter(({ ingestionId }) => ids.has(ingestionId));
}

async function adopt(
  { key, description }: ListedRaw,
  dependencies: UpkeepDependencies,
): Promise<'adopted' | 'rejected' | 'left'> {
  const ingestion = readDescription(description);
  if (ingestion === null) return 'left';
  const { bucket, sliceBytes } = dependencies;
  try {
    const received = await recut(bucket, key, sliceBytes);
    if (!received.isPayload) return await reject(key, dependencies);
    await dispatch(ingestion, { ...received, body: null }, { ...dependencies, deferSeconds: null });
    return 'adopted';
  } catch (error) {
    if (error instanceof InvalidJson) return reject(key, dependencies);
    log('warn', 'body not adopted', { ingestion_id: ingestion.id, fault: faultOf(error) });
    return 'left';
  }
}

/** Its upload ended before it could be refused. */
async function reject(key: string, { bucket }: UpkeepDependencies): Promise<'rejected'> {
  await rejectRaw(bucket, key);
  return 'rejected';
}
