/** What keys use of their hourly allowances. The only file that names the limiter. */

import { Ratelimit } from '@upstash/ratelimit';
import type { Redis } from '../redis.ts';

/** What is counted by the hour, each key for itself. */
export type AllowanceName = 'requests' | 'bytes' | 'reads' | 'polls';

export interface Charge {
  name: AllowanceName;
  /** Above this the key is refused. */
  bound: number;
  /** What the request adds: 1, or its bytes. */
  rate: number;
}

export interface Usage {
  /** This charge included; where the key is refused, the bound. */
  used: number;
  refused: boolean;
  /** Unix milliseconds at which the hour ends. */
  resetAt: number;
}

const PREFIX = 'quota';

/** Keys over their bound: they are refused until the hour ends, without asking Redis again. */
const blocked = new Map<string, number>();

const limiterOf = (redis: Redis, bound: number): Ratelimit =>
  new Ratelimit({
    redis,
    prefix: PREFIX,
    limiter: Ratelimit.fixedWindow(bound, '1 h'),
    ephemeralCache: blocked,
    // The client has a time limit of its own; when the limiter's ends, it says that all is well.
    timeout: 0,
  });

/**
 * Two commands of Redis as Upstash bills them (EVALSHA and its INCRBY), three at the first charge of an hour (PEXPIRE).
 * Charges of one moment share a round trip.
 * @throws what Redis throws
 */
export async function chargeKey(
  redis: Redis,
  { userId, keyId }: { userId: string; keyId: string },
  { name, bound, rate }: Charge,
): Promise<Usage> {
  const id = `${userId}:${keyId}:${name}`;
  const { success, remaining, reset } = await limiterOf(redis, bound).limit(id, { rate });
  return { used: bound - remaining, refused: !success, resetAt: reset };
}

/** Removes all that was counted of a person. The limiter looks through all names of Redis for it. @throws what Redis throws */
export const forgetUsage = (redis: Redis, userId: string): Promise<void> =>
  limiterOf(redis, 1).resetUsedTokens(userId);
