import { quotaKeysOf } from '../keys/quota-names.ts';
import { createSharedMemory } from '../keys/shared-memory.ts';
import type { Redis } from '../redis.ts';

/** What Redis has of a person: keys that were verified, and what they have used of their quotas. */

/** @returns how many entries were deleted. @throws what Redis throws */
export async function eraseCache(
  redis: Redis,
  keys: readonly { id: string; lookup: string }[],
): Promise<number> {
  const shared = createSharedMemory(redis, () => {});
  await Promise.all(keys.map(({ lookup }) => shared.forget(lookup)));
  const quotas = keys.flatMap(({ id }) => quotaKeysOf(id, Date.now()));
  return quotas.length === 0 ? 0 : await redis.del(...quotas);
}
