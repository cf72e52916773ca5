import { z } from 'zod';
import type { Identity } from '../model.ts';
import type { VerifiedKey } from './isolate-memory.ts';

/** What is asked of Redis. Values go in and come out as JSON. */
export interface SharedStore {
  get(key: string): Promise<unknown>;
  set(
    key: string,
    value: unknown,
    options: { ex: number } | { ex: number; nx: true },
  ): Promise<unknown>;
}

/** Verified keys by their lookup, shared by all isolates. */
export interface SharedMemory {
  /** Never rejects: without Redis nothing is known. */
  recall(lookup: string): Promise<VerifiedKey | null>;
  /** Never rejects: without Redis nothing is kept. */
  remember(lookup: string, key: VerifiedKey): Promise<void>;
  /** @throws what Redis throws: a key that is revoked must be known to be forgotten. */
  forget(lookup: string): Promise<void>;
}

const SECONDS = 15 * 60;
/** Stands where a key was forgotten. */
const FORGOTTEN = 'forgotten';

const identity: z.ZodType<Identity> = z.object({
  keyId: z.string(),
  kind: z.enum(['ing', 'read', 'admin']),
  userId: z.string(),
  timeZone: z.string(),
  requestsPerHour: z.number().nullable(),
  bytesPerHour: z.number().nullable(),
  expiresAt: z.number().nullable(),
});
const verifiedKey = z.object({ seal: z.string(), identity });

/**
 * For one request, as its client is: a Redis that failed once is not waited for again.
 * @param onFault is told of every failure that verification goes on without
 */
export function createSharedMemory(
  redis: SharedStore,
  onFault: (error: unknown) => void,
): SharedMemory {
  let reachable = true;
  const attempt = async (command: () => Promise<unknown>): Promise<unknown> => {
    if (!reachable) return null;
    try {
      return await command();
    } catch (error) {
      reachable = false;
      onFault(error);
      return null;
    }
  };

  return {
    async recall(lookup) {
      // What a former release wrote, or a key's tombstone, is no verified key.
      return verifiedKey.safeParse(await attempt(() => redis.get(name(lookup)))).data ?? null;
    },
    async remember(lookup, key) {
      // Only where nothing stands: a check that began before a revocation must not bring the key back after it.
      await attempt(() => redis.set(name(lookup), key, { ex: SECONDS, nx: true }));
    },
    async forget(lookup) {
      await redis.set(name(lookup), FORGOTTEN, { ex: SECONDS });
    },
  };
}

const name = (lookup: string): string => `key:${lookup}`;
