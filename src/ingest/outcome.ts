import { type Database, DatabaseFault, DatabaseUnreachable } from '../database.ts';
import { log } from '../log.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { StorageUnreachable } from '../store/raw.ts';
import { failReceipt, openReceipt } from '../store/receipts.ts';
import { type LoadDependencies, loadSlice } from './load.ts';
import { readMessage, type SliceJob } from './message.ts';

/** The ways in which a slice from the queue may end. */
type Outcome = 'loaded' | 'loaded before' | 'not ours' | 'try again' | 'failed';

/** Loads the slice a message names, and settles the message: gone for good, or back for another try. */
export async function settle(message: Message, dependencies: LoadDependencies): Promise<void> {
  const job = readMessage(message.body);
  const started = Date.now();
  const { outcome, fault } = await attempt(job, dependencies);
  if (outcome === 'try again') message.retry({ delaySeconds: delayOf(message.attempts) });
  else message.ack();

  log(outcome === 'failed' || outcome === 'not ours' ? 'error' : 'info', `slice ${outcome}`, {
    correlation_id: job?.ingestion.correlationId ?? null,
    user_id: job?.ingestion.userId ?? null,
    ingestion_id: job?.ingestion.id ?? null,
    slice: job?.slice.number ?? null,
    records_processed: job?.slice.items ?? null,
    attempts: message.attempts,
    duration_ms: Date.now() - started,
    fault,
  });
}

async function attempt(
  job: SliceJob | null,
  dependencies: LoadDependencies,
): Promise<{ outcome: Outcome; fault: string | null }> {
  if (job === null) return { outcome: 'not ours', fault: null };
  try {
    const receipt = await loadSlice(job, dependencies);
    return { outcome: receipt === null ? 'loaded before' : 'loaded', fault: null };
  } catch (error) {
    const fault = faultOf(error);
    if (isPassing(error)) return { outcome: 'try again', fault };
    const told = await tellFailure(dependencies.database, job);
    return { outcome: told ? 'failed' : 'try again', fault };
  }
}

/** Only what we say ourselves: the words of a parser may quote the data. */
function faultOf(error: unknown): string {
  if (error instanceof DatabaseFault) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}

const isPassing = (error: unknown): boolean =>
  error instanceof DatabaseUnreachable || error instanceof StorageUnreachable;

/** A slice that cannot be loaded closes its receipt as failed. The body stays in the archive, to be replayed. */
async function tellFailure(database: Database, job: SliceJob): Promise<boolean> {
  const { ingestion, archived, slicesTotal } = job;
  try {
    await database.transaction([
      ensurePartitions({ ingestions: [ingestion.receivedAt] }),
      openReceipt(ingestion, archived, slicesTotal, 'queued'),
      failReceipt(ingestion, 'slice_not_loadable'),
    ]);
    return true;
  } catch (error) {
    // A person who has been erased meanwhile needs no receipt.
    return !isPassing(error);
  }
}

const FIRST_DELAY_SECONDS = 2;
const LONGEST_DELAY_SECONDS = 600;

/** Doubles with each attempt; the jitter keeps the slices of one upload from all coming back at once. */
function delayOf(attempts: number): number {
  const doubled = FIRST_DELAY_SECONDS * 2 ** Math.min(attempts - 1, 10);
  return Math.round(Math.min(doubled, LONGEST_DELAY_SECONDS) * (0.75 + Math.random() / 2));
}
