import { CRONS, isCron } from './crons.ts';
import { enqueueJobs, type WorkQueue } from './job-message.ts';

/** Sends a message for each task of a cron expression. @throws what the queue throws: the cron failed, and rings again */
export async function enqueueTasks(cron: string, work: WorkQueue): Promise<void> {
  if (!isCron(cron)) throw new Error(`Nothing is to be done at ${cron}`);
  await enqueueJobs(
    work,
    CRONS[cron].map((task) => ({ task })),
  );
}
