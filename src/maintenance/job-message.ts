import { z } from 'zod';
import { TASK_NAMES, type TaskName } from './crons.ts';

/**
 * Long work goes step by step through a queue of its own, one step an invocation: exports, replays, erasures, a
 * person's day totals, tasks of maintenance. A message says which work shall go on; how far it has come is in the
 * database, so a message that is lost or delivered twice does no harm.
 */

/** One step at a time, so that it has the memory of its isolate to itself (wrangler.consumer.toml). */
export const WORK = 'self-sensored-work';

const version = z.literal(1);
const jobMessage = z.union([
  z.object({ version, job: z.uuid() }),
  z.object({ version, totals: z.uuid() }),
  z.object({ version, task: z.enum(TASK_NAMES) }),
]);

export type JobMessage = z.input<typeof jobMessage>;

/** A job, the stale day totals of a person, or a task of maintenance. */
export type JobStep = { job: string } | { totals: string } | { task: TaskName };

/** A producer's side of the queue. */
export interface WorkQueue {
  send(body: JobMessage, options: { contentType: 'json'; delaySeconds?: number }): Promise<unknown>;
  sendBatch(messages: { body: JobMessage; contentType: 'json' }[]): Promise<unknown>;
}

/** @returns `null` if the message is about no long work. */
export const readJobMessage = (body: unknown): JobMessage | null =>
  jobMessage.safeParse(body).data ?? null;

const toMessage = (step: JobStep): JobMessage => ({ version: 1, ...step });

/** Sends the next step of long work. @throws what the queue throws */
export async function enqueueJob(work: WorkQueue, step: JobStep, delaySeconds = 0): Promise<void> {
  await work.send(toMessage(step), { contentType: 'json', delaySeconds });
}

/** A queue takes a hundred messages at once. */
const MAX_BATCH = 100;

/** @throws what the queue throws */
export async function enqueueJobs(work: WorkQueue, steps: readonly JobStep[]): Promise<void> {
  for (let at = 0; at < steps.length; at += MAX_BATCH) {
    const batch = steps.slice(at, at + MAX_BATCH);
    await work.sendBatch(
      batch.map((step) => ({ body: toMessage(step), contentType: 'json' as const })),
    );
  }
}

/** Sends what a lane has got in place of the work queue. @returns whether it was long work. @throws what the queue throws */
export async function forwardJob(work: WorkQueue, body: unknown): Promise<boolean> {
  const message = readJobMessage(body);
  if (message !== null) await work.send(message, { contentType: 'json' });
  return message !== null;
}
