import { z } from 'zod';
import type { Identity } from '../model.ts';
import { FRESH_SECONDS, USABLE_SECONDS, type VerifiedKey } from './verified-key.ts';

/** What is asked of Redis. Values go in and come out as JSON. */
export interface SharedStore {
  mget(...keys: string[]): Promise<unknown>;
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, options: { ex: number }): Promise<unknown>;
  del(...keys: string[]): Promise<unknown>;
}

/** What happened to a key that whoever has verified it before must hear. */
type Mark = { revoked: true } | { changedAt: number };

export interface Recalled {
  key: VerifiedKey | null;
  mark: Mark | null;
}

/**
 * Verified keys by their lookup, shared by all isolates. Marks lie beside the keys, so that a verification that began
 * before a revocation cannot write over it.
 */
export interface SharedMemory {
  /** @returns `null` while Redis is away. Never rejects. */
  recall(lookup: string): Promise<Recalled | null>;
  /** Never rejects: without Redis nothing is kept. */
  remember(lookup: string, key: VerifiedKey): Promise<void>;
  /** The key opens nothing any more. @throws what Redis throws: others must be known to be told. */
  forget(lookup: string): Promise<void>;
  /** What the key stands for has changed: it is looked up again. @throws what Redis throws */
  change(lookup: string, now: number): Promise<void>;
}

const identity: z.ZodType<Identity> = z.object({
  keyId: z.string(),
  kind: z.enum(['ing', 'read', 'admin']),
  userId: z.string(),
  timeZone: z.string(),
  requestsPerHour: z.number().nullable(),
  bytesPerHour: z.number().nullable(),
  expiresAt: z.number().nullable(),
});
const verifiedKey = z.object({ seal: z.string(), identity, checkedAt: z.number() });
const mark = z.union([z.object({ revoked: z.literal(true) }), z.object({ changedAt: z.number() })]);

const REVOKED: Mark = { revoked: true };

/**
 * For one request, as its client is: a Redis that failed once is not waited for again.
 * @param open opens Redis: most requests never ask it for their key
 * @param onFault is told of every failure that verification goes on without
 */
export function createSharedMemory(
  open: () => SharedStore,
  onFault: (error: unknown) => void,
): SharedMemory {
  let reachable = true;
  const attempt = async <T>(command: () => Promise<T>): Promise<T | null> => {
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
      const replies = await attempt(() => open().mget(nameOf(lookup), markOf(lookup)));
      if (!Array.isArray(replies)) return null;
      // What a former release wrote is no verified key.
      return {
        key: verifiedKey.safeParse(replies[0]).data ?? null,
        mark: mark.safeParse(replies[1]).data ?? null,
      };
    },
    async remember(lookup, key) {
      const [, marked] =
        (await attempt(() =>
          Promise.all([
            open().set(nameOf(lookup), key, { ex: USABLE_SECONDS }),
            open().get(markOf(lookup)),
          ]),
        )) ?? [];
      // Revoked while it was verified. Had the mark come later, `forget` would have deleted the key.
      if (isRevoked(mark.safeParse(marked).data ?? null)) {
        await attempt(() => open().del(nameOf(lookup)));
      }
    },
    async forget(lookup) {
      await Promise.all([
        open().set(markOf(lookup), REVOKED, { ex: USABLE_SECONDS }),
        open().del(nameOf(lookup)),
      ]);
    },
    async change(lookup, now) {
      await open().set(markOf(lookup), { changedAt: now }, { ex: FRESH_SECONDS });
    },
  };
}

export const isRevoked = (mark: Mark | null): boolean => mark !== null && 'revoked' in mark;

/** Whether the database was asked before the key was changed. In the same millisecond counts as before. */
export const isOutdated = (key: VerifiedKey, mark: Mark | null): boolean =>
  mark !== null && 'changedAt' in mark && key.checkedAt <= mark.changedAt;

const nameOf = (lookup: string): string => `key:${lookup}`;
const markOf = (lookup: string): string => `keymark:${lookup}`;
