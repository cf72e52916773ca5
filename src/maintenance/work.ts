import { faultOf } from '../ingest/faults.ts';
import { log } from '../log.ts';
import { doStep } from './advance.ts';
import type { JobDependencies } from './dependencies.ts';
import { readJobMessage } from './job-message.ts';

/** Takes a batch of the work queue: one step, as wrangler.consumer.toml says; several one after the other. */
export async function work(
  { messages }: Pick<MessageBatch, 'messages'>,
  dependencies: JobDependencies,
): Promise<void> {
  for (const message of messages) await takeStep(message, dependencies);
}

async function takeStep(message: Message, dependencies: JobDependencies): Promise<void> {
  const step = readJobMessage(message.body);
  if (step === null) {
    log('error', 'job step not ours', {});
    message.ack();
    return;
  }
  const { version: _, ...about } = step;
  const started = Date.now();
  try {
    const outcome = await doStep(step, dependencies);
    message.ack();
    log('info', 'job step', { ...about, outcome, duration_ms: Date.now() - started });
  } catch (error) {
    message.retry({ delaySeconds: delayOf(message.attempts) });
    const { attempts } = message;
    log('error', 'job step', { ...about, outcome: 'try again', attempts, fault: faultOf(error) });
  }
}

const FIRST_SECONDS = 10;
const MAX_SECONDS = 600;

/** Whatever is given up in the end, maintenance finds in the database and sends again. */
const delayOf = (attempts: number): number =>
  Math.min(FIRST_SECONDS * 2 ** Math.min(attempts - 1, 6), MAX_SECONDS);
