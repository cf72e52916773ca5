import { isUsable, type VerifiedKey } from './verified-key.ts';

/** A verified key as this isolate knows it. */
interface KnownKey extends VerifiedKey {
  /** Until then it is taken without asking anyone. */
  settledUntil: number;
}

/** Verified keys by their lookup. Instants are Unix milliseconds. */
export interface IsolateMemory {
  /** @returns what was remembered, if it may still be used while the database is away */
  recall(lookup: string, now: number): KnownKey | null;
  /** From now on it is taken for a minute without asking anyone. */
  remember(lookup: string, key: VerifiedKey, now: number): void;
  /** Redis or the database are to be asked at its next use. */
  doubt(lookup: string): void;
  forget(lookup: string): void;
}

/** How long a revoked key may still open something in another isolate. */
const SETTLED_SECONDS = 60;
/** Some 1.5 MB. */
const MAX_KEYS = 5_000;

/** Make one for an isolate: it is plain data, so requests may share it. Full, it drops the key remembered longest ago. */
export function createIsolateMemory(maxKeys = MAX_KEYS): IsolateMemory {
  const entries = new Map<string, KnownKey>();
  return {
    recall(lookup, now) {
      const entry = entries.get(lookup);
      return entry !== undefined && isUsable(entry, now) ? entry : null;
    },
    remember(lookup, { seal, identity, checkedAt }, now) {
      // Deleted first, because a Map keeps the place of a key that it already has.
      entries.delete(lookup);
      const oldest = entries.size >= maxKeys ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      const settledUntil = now + SETTLED_SECONDS * 1_000;
      entries.set(lookup, { seal, identity, checkedAt, settledUntil });
    },
    doubt(lookup) {
      const entry = entries.get(lookup);
      if (entry !== undefined) entries.set(lookup, { ...entry, settledUntil: 0 });
    },
    forget(lookup) {
      entries.delete(lookup);
    },
  };
}
