import { createSharedMemory, type SharedStore } from '../../src/keys/shared-memory.ts';
import { openRedis } from '../../src/redis.ts';
import { openRedisBackend } from '../stack/redis.ts';
import type { LocalSettings } from './settings.ts';

/** The Redis in which the Workers of an installation remember keys. */
export interface KeyCache {
  /** @throws what Redis throws */
  forget(lookup: string): Promise<void>;
  close(): Promise<void>;
}

/** @returns `null` if none is set here */
export async function openKeyCache(settings: LocalSettings): Promise<KeyCache | null> {
  const { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN, REDIS_URL } = settings;
  if (UPSTASH_REDIS_REST_URL !== undefined && UPSTASH_REDIS_REST_TOKEN !== undefined) {
    const redis = openRedis({ UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN });
    return cacheIn(redis, async () => {});
  }
  if (REDIS_URL === undefined) return null;
  const backend = await openRedisBackend(REDIS_URL);
  const store: SharedStore = {
    mget: (...keys) => backend.run(['mget', ...keys]),
    get: (key) => backend.run(['get', key]),
    set: (key, value, { ex }) => backend.run(['set', key, JSON.stringify(value), 'EX', String(ex)]),
    del: (...keys) => backend.run(['del', ...keys]),
  };
  return cacheIn(store, () => backend.close());
}

const cacheIn = (store: SharedStore, close: () => Promise<void>): KeyCache => ({
  forget: (lookup) =>
    createSharedMemory(
      () => store,
      () => {},
    ).forget(lookup),
  close,
});
