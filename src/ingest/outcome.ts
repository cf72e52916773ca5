import { log } from '../log.ts';
import type { Counts, FailureCode } from '../model.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { failReceipt, openReceipt, receiptPartitions } from '../store/receipts.ts';
import { isOfNobody, requirePerson } from '../store/require-person.ts';
import { NotTheItems } from './bisect.ts';
import { liveShares } from './fair-shares.ts';
import { faultOf, kindOf, NotDecodable } from './faults.ts';
import { type Lanes, laneOf } from './lanes.ts';
import { type LoadDependencies, loadSlice } from './load.ts';
import { loadInPart } from './load-in-part.ts';
import { readMessage, type SliceJob, toMessage } from './message.ts';
import { delayAfter, SUSPICIOUS_SECONDS } from './retry.ts';

/** How one message of a slice ends. */
export type Outcome =
  | 'loaded'
  /** It had been loaded before. */
  | 'duplicate'
  /** Without items that are set aside, as they could not be loaded. */
  | 'partial'
  | 'retry'
  | 'failed'
  /** The person was erased while it waited. */
  | 'person_gone'
  /** It is no slice of ours. */
  | 'unrecognised'
  /** It is a step of long work, and went on to the work queue. */
  | 'forwarded';

export interface Processed {
  outcome: Outcome;
  /** Items of the slice, if they are in the database or named as set aside. */
  records: number;
  /** What became of them, where this delivery did it. */
  counts: Record<string, Counts>;
}

export interface ProcessDependencies extends LoadDependencies {
  lanes: Lanes;
}

interface Result {
  outcome: Outcome;
  fault: string | null;
  counts?: Record<string, Counts>;
  /** Until the next attempt. */
  delaySeconds?: number;
  /** Whether the fault is one that nothing explains. */
  isUnexplained?: boolean;
}

/** Loads the slice that a message names, and acknowledges the message or has it delivered again. */
export const processSlice = (
  message: Message,
  dependencies: ProcessDependencies,
): Promise<Processed> =>
  handleMessage(message, dependencies, (job) => attempt(job, message.attempts, dependencies));

/**
 * The same for a message that the queue has given up: one more attempt, and if the slice cannot be loaded now, either,
 * the receipt says so. While a service is away nothing is said, and the message comes again.
 */
export const processDeadLetter = (
  message: Message,
  dependencies: ProcessDependencies,
): Promise<Processed> =>
  handleMessage(message, dependencies, (job) => attemptLast(job, dependencies));

async function handleMessage(
  message: Message,
  { lanes }: ProcessDependencies,
  work: (job: SliceJob) => Promise<Result>,
): Promise<Processed> {
  const job = readMessage(message.body);
  const started = Date.now();
  const result: Result = job === null ? { outcome: 'unrecognised', fault: null } : await work(job);
  const { outcome, fault, counts = {}, delaySeconds, isUnexplained = false } = result;
  if (delaySeconds === undefined) message.ack();
  else if (job !== null && isUnexplained) await resend(message, { job, lanes, delaySeconds });
  else message.retry({ delaySeconds });

  const { level, isStored } = OUTCOMES[outcome];
  const items = job?.slice.items ?? 0;
  log(level, `slice ${outcome}`, {
    correlation_id: job?.ingestion.correlationId ?? null,
    user_id: job?.ingestion.userId ?? null,
    ingestion_id: job?.ingestion.id ?? null,
    slice: job?.slice.number ?? null,
    records_processed: items,
    attempts: message.attempts,
    duration_ms: Date.now() - started,
    fault,
  });
  return { outcome, records: isStored ? items : 0, counts };
}

/**
 * A message of its own counts the attempts that ended in a fault which nothing explains: the count of the queue has
 * those of an outage in it.
 */
async function resend(
  message: Message,
  { job, lanes, delaySeconds }: { job: SliceJob; lanes: Lanes; delaySeconds: number },
): Promise<void> {
  const next = toMessage({ ...job, unexplained: timesUnexplained(job) + 1 });
  const upload = { ingestion: job.ingestion, slices: job.slicesTotal };
  const lane = lanes[laneOf(upload, null, { shares: liveShares, now: Date.now() })];
  try {
    await lane.send(next, { contentType: 'json', delaySeconds });
    message.ack();
  } catch {
    message.retry({ delaySeconds });
  }
}

const timesUnexplained = ({ unexplained = 0 }: SliceJob): number => unexplained;

interface Told {
  level: 'info' | 'warn' | 'error';
  /** Whether the items are in the database, or named as set aside. */
  isStored: boolean;
}

const OUTCOMES: Readonly<Record<Outcome, Told>> = {
  loaded: { level: 'info', isStored: true },
  duplicate: { level: 'info', isStored: true },
  partial: { level: 'error', isStored: true },
  retry: { level: 'warn', isStored: false },
  failed: { level: 'error', isStored: false },
  person_gone: { level: 'info', isStored: false },
  unrecognised: { level: 'error', isStored: false },
  forwarded: { level: 'info', isStored: false },
};

async function attempt(
  job: SliceJob,
  attempts: number,
  dependencies: ProcessDependencies,
): Promise<Result> {
  try {
    return await load(job, dependencies);
  } catch (error) {
    const isUnexplained = kindOf(error) === 'unexplained';
    const times = isUnexplained ? timesUnexplained(job) + 1 : attempts;
    return retry(error, times) ?? giveUp(job, error, { ...dependencies, isLast: false });
  }
}

async function attemptLast(job: SliceJob, dependencies: ProcessDependencies): Promise<Result> {
  try {
    return await load(job, dependencies);
  } catch (error) {
    return giveUp(job, error, { ...dependencies, isLast: true });
  }
}

async function load(job: SliceJob, dependencies: LoadDependencies): Promise<Result> {
  const stored = await loadSlice(job, dependencies);
  if (stored === null) return { outcome: 'duplicate', fault: null };
  return { outcome: 'loaded', fault: null, counts: stored.counts };
}

/** @returns `null` if there have been enough attempts. */
function retry(error: unknown, attempts: number): Result | null {
  const kind = kindOf(error);
  const delaySeconds = delayAfter(kind, attempts);
  if (delaySeconds === null) return null;
  const isUnexplained = kind === 'unexplained';
  return { outcome: 'retry', fault: faultOf(error), delaySeconds, isUnexplained };
}

/** Until somebody has mended what is wrong. */
const wait = (error: unknown): Result => ({
  outcome: 'retry',
  fault: faultOf(error),
  delaySeconds: SUSPICIOUS_SECONDS,
});

interface GiveUpOptions extends ProcessDependencies {
  /** Whether the queue has given the message up. */
  isLast: boolean;
}

async function giveUp(job: SliceJob, error: unknown, options: GiveUpOptions): Promise<Result> {
  switch (kindOf(error)) {
    case 'person_gone':
      return PERSON_GONE;
    case 'body_gone':
      return fail(job, 'body_gone', error, options);
    case 'database_unavailable':
    case 'archive_unavailable':
      return wait(error);
    default:
      return loadWhatCanBe(job, error, options);
  }
}

/** Nothing is stored, and no receipt waits for it. */
const PERSON_GONE: Result = { outcome: 'person_gone', fault: null };

async function loadWhatCanBe(
  job: SliceJob,
  cause: unknown,
  options: GiveUpOptions,
): Promise<Result> {
  const trustsUnexplained = kindOf(cause) === 'unexplained';
  try {
    const stored = await loadInPart(job, { ...options, trustsUnexplained });
    if (stored === null) return { outcome: 'duplicate', fault: null };
    const { counts, setAside } = stored;
    const fault = `${faultOf(cause)}: ${setAside} items set aside`;
    return { outcome: setAside > 0 ? 'partial' : 'loaded', fault, counts };
  } catch (error) {
    if (error instanceof NotDecodable) return fail(job, 'slice_not_loadable', error, options);
    if (!isOfTheSlice(error)) return retry(error, timesUnexplained(job) + 1) ?? wait(error);
    const isFinal = options.isLast && !trustsUnexplained;
    return isFinal ? fail(job, 'slice_not_loadable', error, options) : wait(error);
  }
}

/** Whether single items are not to blame, but the slice is refused all the same. */
const isOfTheSlice = (error: unknown): boolean =>
  error instanceof NotTheItems || ['not_loadable', 'request_too_large'].includes(kindOf(error));

/** Closes the receipt as failed. The body stays in the archive, to be replayed. */
async function fail(
  { ingestion, archived, slicesTotal }: SliceJob,
  failure: FailureCode,
  cause: unknown,
  { database }: LoadDependencies,
): Promise<Result> {
  try {
    await database.transaction([
      requirePerson(ingestion.userId),
      ensurePartitions(receiptPartitions(ingestion)),
      openReceipt({ ingestion, archived, slicesTotal }, 'queued'),
      failReceipt(ingestion, failure),
    ]);
  } catch (error) {
    return isOfNobody(error) ? PERSON_GONE : wait(error);
  }
  return { outcome: 'failed', fault: `${failure}: ${faultOf(cause)}` };
}
