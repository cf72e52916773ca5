import type { Database, Statement } from '../database.ts';
import { log } from '../log.ts';
import type { Archived, Ingestion, Receipt } from '../model.ts';
import { receiptOnItsWay } from '../store/find-receipts.ts';
import { storedRange } from '../store/members.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { openReceipt, receiptPartitions } from '../store/receipts.ts';
import { requirePerson } from '../store/require-person.ts';
import { inlineLoads, liveShares } from './fair-shares.ts';
import { faultOf } from './faults.ts';
import { type Lanes, laneOf } from './lanes.ts';
import { loadSlice } from './load.ts';
import { type SliceJob, type SliceMessage, toMessage } from './message.ts';
import type { Received } from './receive.ts';

export interface DispatchDependencies {
  database: Database;
  bucket: R2Bucket;
  lanes: Lanes;
  /** Seconds that an upload over its quota waits behind the rest; `null` for one within it. */
  deferSeconds: number | null;
}

/**
 * Decides how an archived upload gets into the database: a small one now, all others slice by slice through a
 * queue. What cannot be done now is never a reason to refuse it: from here on the archive can tell all that is needed,
 * and the sweeper does what was left undone.
 */
export async function dispatch(
  ingestion: Ingestion,
  received: Received,
  dependencies: DispatchDependencies,
): Promise<Receipt> {
  const { archived, body } = received;
  const jobs = jobsOf(ingestion, received);
  const [only] = jobs;
  if (
    body !== null &&
    only !== undefined &&
    jobs.length === 1 &&
    dependencies.deferSeconds === null
  ) {
    const started = Date.now();
    const receipt = await loadNow(only, body, dependencies);
    if (receipt !== null) return receipt;
    if (Date.now() - started >= MIN_SLOW_LOAD_MS) {
      return enqueue(
        ingestion,
        { archived, jobs },
        { ...dependencies, delaySeconds: SLOW_LOAD_SECONDS },
      );
    }
  }
  return enqueue(ingestion, { archived, jobs }, dependencies);
}

/** The database may still be at work on a load that was given up: it is not started once more beside itself. */
const MIN_SLOW_LOAD_MS = 10_000;
const SLOW_LOAD_SECONDS = 60;

export const jobsOf = (
  ingestion: Ingestion,
  { archived, slices, ends }: Pick<Received, 'archived' | 'slices' | 'ends'>,
): SliceJob[] =>
  slices.map((slice) => ({
    ingestion,
    archived,
    slicesTotal: slices.length,
    slice,
    stored: ends === null ? null : storedRange(ends, slice),
  }));

/**
 * @returns `null` if it is left to the consumer: the database has enough to do, or the load has failed. The consumer tries
 * longer, and can find out what is wrong.
 */
async function loadNow(
  job: SliceJob,
  body: Uint8Array,
  dependencies: DispatchDependencies,
): Promise<Receipt | null> {
  const { userId } = job.ingestion;
  const started = Date.now();
  if (!inlineLoads.begin(userId, started)) return null;
  try {
    return (await loadSlice(job, dependencies, body))?.receipt ?? null;
  } catch (error) {
    warn('not loaded at once', job.ingestion, error);
    return null;
  } finally {
    inlineLoads.end(userId, started, Date.now());
  }
}

async function enqueue(
  ingestion: Ingestion,
  { archived, jobs }: { archived: Archived; jobs: readonly SliceJob[] },
  dependencies: DispatchDependencies & Delay,
): Promise<Receipt> {
  const { database, deferSeconds } = dependencies;
  const status = deferSeconds === null ? 'queued' : 'deferred';
  await tell(database, ingestion, [
    requirePerson(ingestion.userId),
    ensurePartitions(receiptPartitions(ingestion)),
    openReceipt({ ingestion, archived, slicesTotal: jobs.length }, status),
  ]);
  await handOn(jobs, dependencies);
  return receiptOnItsWay(ingestion, archived, jobs.length, status);
}

interface Delay {
  /** Until the first attempt; that of an upload over its quota by default. */
  delaySeconds?: number;
}

/** Sends slices to whoever loads them. Those that a queue does not take, the sweeper will send again. */
export async function handOn(
  jobs: readonly SliceJob[],
  {
    lanes,
    deferSeconds,
    delaySeconds,
  }: Pick<DispatchDependencies, 'lanes' | 'deferSeconds'> & Delay,
): Promise<void> {
  const [first] = jobs;
  if (first === undefined) return;
  const { ingestion, slicesTotal } = first;
  try {
    const shares = { shares: liveShares, now: Date.now() };
    const lane = laneOf({ ingestion, slices: slicesTotal }, deferSeconds, shares);
    await sendJobs(lanes[lane], jobs, delaySeconds ?? deferSeconds);
  } catch (error) {
    warn('queue away', ingestion, error);
  }
}

const warn = (message: string, { correlationId, userId, id }: Ingestion, error: unknown): void =>
  log('warn', message, {
    correlation_id: correlationId,
    user_id: userId,
    ingestion_id: id,
    fault: faultOf(error),
  });

/** The database may be away, or not set up: then the first slice that is loaded opens the receipt. */
async function tell(database: Database, ingestion: Ingestion, statements: readonly Statement[]) {
  try {
    await database.transaction(statements);
  } catch (error) {
    warn('receipt not opened', ingestion, error);
  }
}

/** A batch may have 100 messages and 256 KB; some is left for what the queue adds to each. */
const BATCH_MESSAGES = 100;
const BATCH_BYTES = 200_000;

async function sendJobs(
  queue: Pick<Queue<SliceMessage>, 'sendBatch'>,
  jobs: readonly SliceJob[],
  delaySeconds: number | null,
): Promise<void> {
  let batch: SliceMessage[] = [];
  let bytes = 0;
  const send = async () => {
    const options = delaySeconds === null ? {} : { delaySeconds };
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
