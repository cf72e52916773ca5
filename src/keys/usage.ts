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
 * What this isolate has charged ahead. A board asks dozens of questions at once: each would wait for Redis, and a request to
 * Redis costs as much CPU as the one to the database.
 */
interface Reserve {
  /** Of the hour, as far as Redis knew: all that is reserved is in it. */
  used: number;
  left: number;
  resetAt: number;
}

const reserves = new Map<string, Reserve>();
const MAX_RESERVES = 1_000;
const MAX_RESERVED = 20;

/**
 * The same as {@link chargeKey} for what comes often and costs little: charges up to a hundredth of the bound ahead. An
 * isolate that ends with a reserve leaves it counted: the last hundredth of an allowance may be refused.
 * @throws what Redis throws
 */
export async function chargeAhead(
  openRedis: () => Redis,
  key: { userId: string; keyId: string },
  { name, bound, now }: Omit<Charge, 'rate'> & { now: number },
): Promise<Usage> {
  const id = `${key.keyId}:${name}:${bound}`;
  const kept = reserves.get(id);
  if (kept !== undefined && kept.left > 0 && kept.resetAt > now) {
    kept.left--;
    return { used: kept.used - kept.left, refused: false, resetAt: kept.resetAt };
  }
  const rate = Math.max(1, Math.min(MAX_RESERVED, Math.floor(bound / 100)));
  const usage = await chargeKey(openRedis(), key, { name, bound, rate });
  if (usage.refused) return usage;
  const reserve = addReserve(id, usage, rate - 1);
  return { ...usage, used: reserve.used - reserve.left };
}

/** Requests of one moment may each have charged ahead: what they reserved adds up. */
function addReserve(id: string, { used, resetAt }: Usage, left: number): Reserve {
  const kept = reserves.get(id);
  const isOfThisHour = kept !== undefined && kept.resetAt === resetAt;
  const reserve = {
    used: Math.max(used, isOfThisHour ? kept.used : 0),
    left: left + (isOfThisHour ? kept.left : 0),
    resetAt,
  };
  if (reserves.size >= MAX_RESERVES) reserves.clear();
  reserves.set(id, reserve);
  return reserve;
}

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
