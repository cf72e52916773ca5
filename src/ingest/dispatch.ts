import { type Database, DatabaseUnreachable } from '../database.ts';
import type { Archived, Ingestion, Receipt, Slice } from '../model.ts';
import { receiptOnItsWay } from '../store/find-receipts.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { failReceipt, openReceipt } from '../store/receipts.ts';
import { loadSlice } from './load.ts';
import { type SliceJob, type SliceMessage, toMessage } from './message.ts';
import type { Received } from './receive.ts';

export interface DispatchDependencies {
  database: Database;
  bucket: R2Bucket;
  queue: Queue<SliceMessage>;
  /** Seconds that an upload over its quota waits behind the rest; `null` for one within it. */
  deferSeconds: number | null;
}

/** The slices could not be handed on. The body is archived, but nobody will load it: the client must hear that. */
export class QueueUnreachable extends Error {
  override name = 'QueueUnreachable';
}

/**
 * Decides how an archived upload gets into the database: a small one now, all others slice by slice through the
 * queue. With the database away, small ones take the queue too.
 * @throws QueueUnreachable, DatabaseFault
 */
export async function dispatch(
  ingestion: Ingestion,
  { archived, slices, body }: Received,
  dependencies: DispatchDependencies,
): Promise<Receipt> {
  const jobs = jobsOf(ingestion, archived, slices);
  const [only] = jobs;
  if (
    body !== null &&
    only !== undefined &&
    jobs.length === 1 &&
    dependencies.deferSeconds === null
  ) {
    const receipt = await loadNow(only, body, dependencies);
    if (receipt !== null) return receipt;
  }
  return enqueue(ingestion, archived, jobs, dependencies);
}

export const jobsOf = (
  ingestion: Ingestion,
  archived: Archived,
  slices: readonly Slice[],
): SliceJob[] =>
  slices.map((slice) => ({ ingestion, archived, slicesTotal: slices.length, slice }));

async function loadNow(
  job: SliceJob,
  body: Uint8Array,
  dependencies: DispatchDependencies,
): Promise<Receipt | null> {
  try {
    return await loadSlice(job, dependencies, body);
  } catch (error) {
    if (error instanceof DatabaseUnreachable) return null;
    throw error;
  }
}

async function enqueue(
  ingestion: Ingestion,
  archived: Archived,
  jobs: readonly SliceJob[],
  { database, queue, deferSeconds }: DispatchDependencies,
): Promise<Receipt> {
  const status = deferSeconds === null ? 'queued' : 'deferred';
  await tell(database, [
    ensurePartitions({ ingestions: [ingestion.receivedAt] }),
    openReceipt(ingestion, archived, jobs.length, status),
  ]);
  try {
    await sendJobs(queue, jobs, deferSeconds);
  } catch (cause) {
    await tell(database, [failReceipt(ingestion, 'queue_unavailable')]);
    throw new QueueUnreachable('The queue cannot be reached', { cause });
  }
  return receiptOnItsWay(ingestion, archived, jobs.length, status);
}

/** The database may be away: then the first slice that is loaded opens the receipt. */
async function tell(database: Database, statements: Parameters<Database['transaction']>[0]) {
  try {
    await database.transaction(statements);
  } catch (error) {
    if (!(error instanceof DatabaseUnreachable)) throw error;
  }
}

/** A batch may have 100 messages and 256 KB; some is left for what the queue adds to each. */
const BATCH_MESSAGES = 100;
const BATCH_BYTES = 200_000;

export async function sendJobs(
  queue: Queue<SliceMessage>,
  jobs: readonly SliceJob[],
  deferSeconds: number | null,
): Promise<void> {
  let batch: SliceMessage[] = [];
  let bytes = 0;
  const send = async () => {
    const options = deferSeconds === null ? {} : { delaySeconds: deferSeconds };
    await queue.sendBatch(
      batch.map((body) => ({ body, contentType: 'json' as const })),
      options,
    );
    batch = [];
    bytes = 0;
  };
  for (const message of jobs.map(toMessage)) {
    const size = new TextEncoder().encode(JSON.stringify(message)).length;
    if (batch.length === BATCH_MESSAGES || bytes + size > BATCH_BYTES) await send();
    batch.push(message);
    bytes += size;
  }
  await send();
}
