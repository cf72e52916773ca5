import type { Context } from 'hono';
import type { AppEnv } from './context.ts';
import { networkOf } from './network.ts';

/** Where a request comes from, as far as it is limited by that. */
export const addressOf = (c: Context<AppEnv>): string =>
  networkOf(c.req.header('cf-connecting-ip') ?? 'unknown');
