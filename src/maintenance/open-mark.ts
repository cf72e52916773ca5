import type { Redis } from '../redis.ts';

/**
 * Whether anything may be open at all. A database that sleeps costs nothing, and looking for open receipts would wake
 * it: so whoever leaves one open puts a mark into Redis, and the sweeper looks there first. What a lost mark leaves
 * behind, the hourly reconciliation finds.
 */
const KEY = 'upkeep:open';
const SECONDS = 2 * 86_400;

/** Never rejects. */
export async function markOpen(redis: Redis): Promise<void> {
  await redis.set(KEY, 1, { ex: SECONDS }).catch(() => {});
}

/** Never rejects: without Redis one has to look. */
export async function isMarkedOpen(redis: Redis): Promise<boolean> {
  return redis.exists(KEY).then(
    (count) => count > 0,
    () => true,
  );
}

/** Never rejects. */
export async function unmarkOpen(redis: Redis): Promise<void> {
  await redis.del(KEY).catch(() => {});
}
