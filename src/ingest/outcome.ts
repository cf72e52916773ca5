import { log } from '../log.ts';
import type { Counts, FailureCode } from '../model.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { failReceipt, openReceipt, receiptPartitions } from '../store/receipts.ts';
import { isOfNobody, requirePerson } from '../store/require-person.ts';
import { type FaultKind, faultOf, kindOf } from './faults.ts';
import { loadWithoutBad } from './isolate.ts';
import { type LoadDependencies, loadSlice } from './load.ts';
import { readMessage, type SliceJob } from './message.ts';

/** The ways in which a slice from a queue may end. */
export type Outcome =
  | 'loaded'
  | 'loaded before'
  | 'loaded in part'
  | 'try again'
  | 'failed'
  | 'of nobody'
  | 'not ours';

export interface Settled {
  outcome: Outcome;
  /** Items of the slice, if they are in the database or named as set aside. */
  records: number;
  /** What became of them, where this delivery did it. */
  counts: Record<string, Counts>;
}

interface Ending {
  outcome: Outcome;
  fault: string | null;
  counts?: Record<string, Counts>;
  /** Until the next attempt. */
  delaySeconds?: number;
}

/** How often a fault is met with another attempt, and how long after. */
interface Patience {
  attempts: number;
  firstSeconds: number;
  longestSeconds: number;
}

/** Services come back; what is wrong with a slice itself does not go away. */
const PATIENCE: Readonly<Record<FaultKind, Patience>> = {
  'database away': { attempts: Number.POSITIVE_INFINITY, firstSeconds: 2, longestSeconds: 600 },
  'archive away': { attempts: Number.POSITIVE_INFINITY, firstSeconds: 2, longestSeconds: 600 },
  'person gone': { attempts: 1, firstSeconds: 1, longestSeconds: 1 },
  'body gone': { attempts: 3, firstSeconds: 5, longestSeconds: 60 },
  'not loadable': { attempts: 2, firstSeconds: 1, longestSeconds: 1 },
};

/** Loads the slice a message names, and settles the message: gone for good, or back for another try. */
export const settle = (message: Message, dependencies: LoadDependencies): Promise<Settled> =>
  conclude(message, (job) => attempt(job, message.attempts, dependencies));

/**
 * The same for a message that the queue has given up: one more attempt, and if that fails, too, the receipt says so.
 * Only while nobody can be told, it comes back.
 */
export const settleDead = (message: Message, dependencies: LoadDependencies): Promise<Settled> =>
  conclude(message, (job) => attemptLast(job, dependencies));

async function conclude(
  message: Message,
  work: (job: SliceJob) => Promise<Ending>,
): Promise<Settled> {
  const job = readMessage(message.body);
  const started = Date.now();
  const {
    outcome,
    fault,
    counts = {},
    delaySeconds,
  }: Ending = job === null ? { outcome: 'not ours', fault: null } : await work(job);
  if (delaySeconds === undefined) message.ack();
  else message.retry({ delaySeconds });

  const items = job?.slice.items ?? 0;
  log(LEVELS[outcome], `slice ${outcome}`, {
    correlation_id: job?.ingestion.correlationId ?? null,
    user_id: job?.ingestion.userId ?? null,
    ingestion_id: job?.ingestion.id ?? null,
    slice: job?.slice.number ?? null,
    records_processed: items,
    attempts: message.attempts,
    duration_ms: Date.now() - started,
    fault,
  });
  return { outcome, records: outcome.startsWith('loaded') ? items : 0, counts };
}

const LEVELS: Readonly<Record<Outcome, 'info' | 'warn' | 'error'>> = {
  loaded: 'info',
  'loaded before': 'info',
  'loaded in part': 'error',
  'try again': 'warn',
  failed: 'error',
  'of nobody': 'info',
  'not ours': 'error',
};

async function attempt(
  job: SliceJob,
  attempts: number,
  dependencies: LoadDependencies,
): Promise<Ending> {
  try {
    return await load(job, dependencies);
  } catch (error) {
    const patience = PATIENCE[kindOf(error)];
    if (attempts < patience.attempts) return again(error, delayOf(attempts, patience));
    return giveUp(job, error, dependencies);
  }
}

async function attemptLast(job: SliceJob, dependencies: LoadDependencies): Promise<Ending> {
  try {
    return await load(job, dependencies);
  } catch (error) {
    return giveUp(job, error, dependencies);
  }
}

async function load(job: SliceJob, dependencies: LoadDependencies): Promise<Ending> {
  const stored = await loadSlice(job, dependencies);
  if (stored === null) return { outcome: 'loaded before', fault: null };
  return { outcome: 'loaded', fault: null, counts: stored.counts };
}

const again = (error: unknown, delaySeconds: number): Ending => ({
  outcome: 'try again',
  fault: faultOf(error),
  delaySeconds,
});

async function giveUp(
  job: SliceJob,
  error: unknown,
  dependencies: LoadDependencies,
): Promise<Ending> {
  switch (kindOf(error)) {
    case 'not loadable':
      return loadInPart(job, error, dependencies);
    case 'person gone':
      return OF_NOBODY;
    case 'body gone':
      return fail(job, 'body_gone', error, dependencies);
    default:
      return fail(job, 'attempts_exhausted', error, dependencies);
  }
}

/** The person was erased while this waited, or is being erased: nothing is stored, and nobody waits for it. */
const OF_NOBODY: Ending = { outcome: 'of nobody', fault: null };

async function loadInPart(
  job: SliceJob,
  cause: unknown,
  dependencies: LoadDependencies,
): Promise<Ending> {
  try {
    const stored = await loadWithoutBad(job, dependencies);
    if (stored === null) return { outcome: 'loaded before', fault: null };
    const fault = `${faultOf(cause)}: ${stored.leftOut} items set aside`;
    return { outcome: 'loaded in part', fault, counts: stored.counts };
  } catch (error) {
    const kind = kindOf(error);
    if (kind !== 'not loadable') return again(error, delayOf(1, PATIENCE[kind]));
    return fail(job, 'slice_not_loadable', error, dependencies);
  }
}

/** While the database cannot be told, a failure waits this long. */
const UNTOLD_SECONDS = 600;

/** Closes the receipt as failed. The body stays in the archive, to be replayed. */
async function fail(
  { ingestion, archived, slicesTotal }: SliceJob,
  failure: FailureCode,
  cause: unknown,
  { database }: LoadDependencies,
): Promise<Ending> {
  try {
    await database.transaction([
      requirePerson(ingestion.userId),
      ensurePartitions(receiptPartitions(ingestion)),
      openReceipt(ingestion, archived, slicesTotal, 'queued'),
      failReceipt(ingestion, failure),
    ]);
  } catch (error) {
    if (isOfNobody(error)) return OF_NOBODY;
    if (kindOf(error) === 'database away') return again(error, UNTOLD_SECONDS);
  }
  return { outcome: 'failed', fault: `${failure}: ${faultOf(cause)}` };
}

/** Doubles with each attempt; the jitter keeps the slices of one upload from all coming back at once. */
function delayOf(attempts: number, { firstSeconds, longestSeconds }: Patience): number {
  const doubled = firstSeconds * 2 ** Math.min(attempts - 1, 10);
  return Math.round(Math.min(doubled, longestSeconds) * (0.75 + Math.random() / 2));
}
