import { InvalidJson } from '../hae/scan.ts';
import { dispatch } from '../ingest/dispatch.ts';
import { faultOf } from '../ingest/faults.ts';
import { recut } from '../ingest/recut.ts';
import { log } from '../log.ts';
import { selectWithoutReceipt } from '../store/find-open.ts';
import { receivedAtOf } from '../store/find-receipts.ts';
import {
  type ArchiveHours,
  type ArchivePosition,
  type ListedRaw,
  listHour,
} from '../store/list-raw.ts';
import { rejectRaw } from '../store/raw.ts';
import { countFindings } from './count.ts';
import type { MaintenanceDependencies } from './dependencies.ts';

/** What became of raw objects that no receipt knows. */
export interface Adopted {
  /** Raw objects that were looked at. */
  bodies: number;
  /** Those that got their receipt, and whose slices were sent. */
  adopted: number;
  /** Those that are no payloads, and were moved to `rejected/`. */
  rejected: number;
  /** Those from before bodies described themselves, and those that could not be looked at now. */
  left: number;
}

/** What a run may take: a listing and a query for each page, and some five requests for each body. */
export interface AdoptBudget {
  pages: number;
  bodies: number;
  /** Of bodies, which are read whole: 42 ms of CPU a MB. */
  bytes: number;
}

/**
 * The archive is the truth: a body without a receipt is one whose upload ended between the two, and which nothing
 * else knows any more. It says itself what it is, and is loaded like any other. The budget shrinks.
 * @returns where to go on; `null` if that was all
 */
export async function adoptHours(
  hours: ArchiveHours,
  from: ArchivePosition,
  { budget, ...dependencies }: MaintenanceDependencies & { budget: AdoptBudget },
): Promise<{ adopted: Adopted; next: ArchivePosition | null }> {
  const adopted: Adopted = { bodies: 0, adopted: 0, rejected: 0, left: 0 };
  let next: ArchivePosition | null = from;
  while (next !== null && budget.pages > 0 && !isSpent(budget)) {
    budget.pages--;
    const { hour }: ArchivePosition = next;
    const page = await listHour(dependencies.bucket, hours, next);
    adopted.bodies += page.objects.length;
    next = page.next;
    for (const orphan of await withoutReceipt(page.objects, dependencies)) {
      const { outcome, bytes } = await adopt(orphan, dependencies);
      adopted[outcome]++;
      budget.bodies--;
      budget.bytes -= bytes;
      if (!isSpent(budget)) continue;
      next = { hour, after: orphan.key };
      break;
    }
  }
  countFindings({ bodies_adopted: adopted.adopted, bodies_rejected: adopted.rejected });
  return { adopted, next };
}

const isSpent = ({ bodies, bytes }: AdoptBudget): boolean => bodies <= 0 || bytes <= 0;

/** Of people who are here to stay: those of others are erased. In the order of their keys. */
async function withoutReceipt(
  page: readonly ListedRaw[],
  { database, sweepAfterSeconds }: MaintenanceDependencies,
): Promise<ListedRaw[]> {
  // An upload that is under way has a body and no receipt for a moment.
  const youngest = Date.now() - sweepAfterSeconds * 1000;
  const uploads = page
    .map(({ ingestionId: id, userId }) => ({ id, userId, receivedAt: receivedAtOf(id) }))
    .filter(({ receivedAt }) => receivedAt < youngest);
  if (uploads.length === 0) return [];
  const missing = await database.query(selectWithoutReceipt(uploads));
  const ids = new Set(missing.map(({ id }) => String(id)));
  return page.filter(({ ingestionId }) => ids.has(ingestionId));
}

interface Adoption {
  outcome: 'adopted' | 'rejected' | 'left';
  /** That were read for it. */
  bytes: number;
}

async function adopt(
  { key, ingestionId }: ListedRaw,
  dependencies: MaintenanceDependencies,
): Promise<Adoption> {
  const { bucket, sliceBytes } = dependencies;
  try {
    const { described, ...received } = await recut(bucket, key, sliceBytes);
    const { bytes } = received.archived;
    if (described === null) return { outcome: 'left', bytes };
    if (!received.isPayload) return await reject(key, bytes, dependencies);
    await dispatch(described, { ...received, body: null }, { ...dependencies, deferSeconds: null });
    return { outcome: 'adopted', bytes };
  } catch (error) {
    if (error instanceof InvalidJson) return reject(key, error.offset, dependencies);
    log('warn', 'body not adopted', { ingestion_id: ingestionId, fault: faultOf(error) });
    return { outcome: 'left', bytes: 0 };
  }
}

/** Its upload ended before it could be refused. */
async function reject(
  key: string,
  bytes: number,
  { bucket }: MaintenanceDependencies,
): Promise<Adoption> {
  await rejectRaw(bucket, key);
  return { outcome: 'rejected', bytes };
}
