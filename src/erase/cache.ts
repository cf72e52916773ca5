import { createSharedMemory } from '../keys/shared-memory.ts';
import { forgetUsage } from '../keys/usage.ts';
import type { Redis } from '../redis.ts';

/** What Redis has of a person: keys that were verified, and what they have used of their quotas. */

/** @returns of how many keys. @throws what Redis throws */
export async function eraseCache(
  redis: Redis,
  personId: string,
  keys: readonly { lookup: string }[],
): Promise<number> {
  const shared = createSharedMemory(
    () => redis,
    () => {},
  );
  await Promise.all([
    ...keys.map(({ lookup }) => shared.forget(lookup)),
    forgetUsage(redis, personId),
  ]);
  return keys.length;
}
