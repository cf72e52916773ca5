import pMap from 'p-map';
import type { Database } from '../database.ts';
import { log } from '../log.ts';
import { faultOf } from './faults.ts';
import { bytesOf, DEAD, readMessage } from './message.ts';
import {
  type ProcessDependencies,
  type Processed,
  processDeadLetter,
  processSlice,
} from './outcome.ts';
import { SUSPICIOUS_SECONDS } from './retry.ts';

export interface ConsumeDependencies extends ProcessDependencies {
  /** Sends a step of long work, which releases up to 0.4 sent through the lanes, where it belongs. @returns whether it is one */
  forward(body: unknown): Promise<boolean>;
  /** Wraps the loading of a slice, so that it is counted and traced. */
  watch(
    traceparent: string | null,
    work: (database: Database) => Promise<Processed>,
  ): Promise<Processed>;
}

/** Slices of one batch under way at once: while one is in the database, the next is decoded. */
const CONCURRENCY = 4;

/**
 * A slice this large is a single item, such as the way of a workout. Parsed, it takes many times its size, and an
 * isolate has 128 MB: those are taken one by one.
 */
const LARGE_BYTES = 1024 * 1024;

/** @returns `null` if it is no step of long work. The fault of the work queue is that of this message alone. */
async function forward(
  message: Message,
  dependencies: Pick<ConsumeDependencies, 'forward'>,
): Promise<Processed | null> {
  try {
    if (!(await dependencies.forward(message.body))) return null;
    message.ack();
    return { outcome: 'forwarded', records: 0, counts: {} };
  } catch (error) {
    message.retry({ delaySeconds: SUSPICIOUS_SECONDS });
    log('warn', 'work queue away', { attempts: message.attempts, fault: faultOf(error) });
    return { outcome: 'retry', records: 0, counts: {} };
  }
}

/** Takes a batch of any of the lanes. Each message is handled by itself, and the batch has its one line of log. */
export async function consume(
  { queue, messages }: MessageBatch,
  dependencies: ConsumeDependencies,
): Promise<void> {
  const started = Date.now();
  const process = queue === DEAD ? processDeadLetter : processSlice;
  const work = async (message: Message): Promise<Processed> => {
    const job = readMessage(message.body);
    const forwarded = job === null ? await forward(message, dependencies) : null;
    if (forwarded !== null) return forwarded;
    const traceparent = job?.ingestion.traceparent ?? null;
    return dependencies.watch(traceparent, (database) =>
      process(message, { ...dependencies, database }),
    );
  };
  const { small = [], large = [] } = Object.groupBy(messages, ({ body }) =>
    bytesOf(body) > LARGE_BYTES ? 'large' : 'small',
  );
  const processed = await pMap(small, work, { concurrency: CONCURRENCY });
  for (const message of large) processed.push(await work(message));

  const times = Object.groupBy(processed, ({ outcome }) => outcome);
  const outcomes = Object.entries(times).map(([outcome, all = []]) => `${all.length} ${outcome}`);
  log('info', 'batch', {
    queue,
    messages: messages.length,
    outcomes: outcomes.join(', '),
    records_processed: processed.reduce((sum, { records }) => sum + records, 0),
    duration_ms: Date.now() - started,
  });
}
