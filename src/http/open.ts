import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { addressOf } from './address.ts';
import type { AppEnv } from './context.ts';
import { HttpProblem } from './problem.ts';

/** Routes that are open to all are limited by address, in each place of Cloudflare by itself. */

const PERIOD_SECONDS = 60;

/** Before anything else is done for a stranger. */
export const limitOpen = createMiddleware<AppEnv>(async function limitStrangers(c, next) {
  refuseOver(await c.env.OPEN_REQUESTS_PER_IP.limit({ key: addressOf(c) }));
  await next();
});

/** For what asks the database without a key: as few as attempts of keys. @throws HttpProblem */
export async function limitGuesses(c: Context<AppEnv>, of: string): Promise<void> {
  refuseOver(await c.env.KEY_CHECKS_PER_IP.limit({ key: `${of} ${addressOf(c)}` }));
}

/** @throws HttpProblem */
function refuseOver({ success }: { success: boolean }): void {
  if (success) return;
  throw new HttpProblem('too_many_requests', {
    detail: 'Ask again in a minute.',
    headers: { 'Retry-After': String(PERIOD_SECONDS) },
  });
}
