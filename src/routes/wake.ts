import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';
import { enqueueJob, type JobStep } from '../maintenance/job-message.ts';

/**
 * Wakes long work in the consumer; day totals a little later, since whoever tries time zones tries several. Never
 * rejects: where the message is lost, maintenance sends it within the hour.
 */
export async function wake(c: Context<AppEnv>, step: JobStep): Promise<void> {
  const delaySeconds = 'totals' in step ? c.get('settings').RECOMPUTE_AFTER_SECONDS : 0;
  await enqueueJob(c.env.WORK, step, delaySeconds).catch(() => {});
}
