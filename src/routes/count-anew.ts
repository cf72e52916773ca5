import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';

/** Wakes the consumer to make the stale days of a person anew. Should the message be lost, the clock does it. */
export async function countAnew(c: Context<AppEnv>): Promise<void> {
  await c.env.BACKFILL.send({ version: 1, totals: c.get('identity').userId }).catch(() => {});
}
