import type { Identity } from '../model.ts';

/** A key that has been verified: who it stands for, and the proof that it is this key (see seal.ts). */
export interface VerifiedKey {
  seal: string;
  identity: Identity;
}

/** Verified keys by their lookup. Instants are Unix milliseconds. */
export interface IsolateMemory {
  recall(lookup: string, now: number): VerifiedKey | null;
  remember(lookup: string, key: VerifiedKey, now: number): void;
  forget(lookup: string): void;
}

/** How long a revoked key may still open something in another isolate. */
const SECONDS = 60;
/** More people than that do not meet in one isolate within a minute; some 300 KB. */
const MOST_KEYS = 1_000;

/** Make one for an isolate: it is plain data, so requests may share it. Full, it drops the oldest key. */
export function createIsolateMemory(mostKeys = MOST_KEYS): IsolateMemory {
  const entries = new Map<string, VerifiedKey & { until: number }>();
  return {
    recall(lookup, now) {
      const entry = entries.get(lookup);
      return entry !== undefined && now < entry.until ? entry : null;
    },
    remember(lookup, key, now) {
      // Deleted first, because a Map keeps the place of a key that it already has.
      entries.delete(lookup);
      const oldest = entries.size >= mostKeys ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      entries.set(lookup, { ...key, until: now + SECONDS * 1_000 });
    },
    forget(lookup) {
      entries.delete(lookup);
    },
  };
}
