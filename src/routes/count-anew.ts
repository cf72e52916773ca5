import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';

/** Wakes the consumer to make the stale days of a person anew. Should the message be lost, the clock does it. */
export async function countAnew(c: Context<AppEnv>): Promise<void> {
  const delaySeconds = c.get('settings').RECOMPUTE_AFTER_SECONDS;
  const message = { version: 1 as const, totals: c.get('identity').userId };
  await c.env.BACKFILL.send(message, { delaySeconds }).catch(() => {});
}
