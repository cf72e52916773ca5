/** From the text of a key to the person it acts for. */

import type { ProblemCode } from '../codes.ts';
import { DatabaseUnreachable } from '../database.ts';
import type { Identity } from '../model.ts';
import type { StoredKey } from '../store/keys.ts';
import { DECOY_HASH } from './argon2-parameters.ts';
import { type KeyFault, type RecognisedKey, recogniseKey } from './format.ts';
import type { IsolateMemory, VerifiedKey } from './isolate-memory.ts';
import { sameSeal } from './seal.ts';
import type { SharedMemory } from './shared-memory.ts';

export type RefusalCode = Extract<
  ProblemCode,
  | 'key_missing'
  | 'key_malformed'
  | 'key_invalid'
  | 'key_revoked'
  | 'key_expired'
  | 'too_many_attempts'
  | 'database_unavailable'
>;

export interface Refusal {
  code: RefusalCode;
  /** What helps a person beyond the title of the code. */
  detail?: string;
}

export type Verdict = { identity: Identity } | { refusal: Refusal };

export interface VerifierParts {
  /** `KEY_PEPPER` of the settings, then `FORMER_KEY_PEPPERS`. */
  peppers: readonly [string, ...string[]];
  isolate: IsolateMemory;
  shared: SharedMemory;
  /** The binding that limits how often an address may make us look into the database and hash. */
  attempts: { limit(options: { key: string }): Promise<{ success: boolean }> };
  /** @throws DatabaseUnreachable, which becomes a refusal, and others, which pass */
  findKey(lookup: string): Promise<StoredKey | null>;
  /** Whether the PHC string is the hash of the key. Costly. */
  verifyHash(key: string, phc: string): Promise<boolean>;
  /** Unix milliseconds. */
  now(): number;
  /** Told where a key was known, if at all. */
  onCheck(known: 'isolate' | 'redis' | 'nowhere'): void;
}

export interface Verifier {
  /** @param text what `readKey` found; @param ip where the request comes from */
  verify(text: string | null, ip: string): Promise<Verdict>;
  /** The same, against the hash itself: whatever is remembered of the key does not count. */
  verifyAnew(text: string | null, ip: string): Promise<Verdict>;
  /**
   * A revoked key is refused here at once, and everywhere within the minute that an isolate remembers.
   * @throws if Redis cannot be reached: others may then take the key for up to 15 minutes. Try again.
   */
  forget(lookup: string): Promise<void>;
}

const DETAILS: Record<KeyFault, string> = {
  malformed:
    'A key begins with ss_ing_, ss_read_ or ss_admin_ and goes on with 61 letters and digits.',
  altered:
    'Its last characters do not fit the rest: a character was changed, or another server made it. Copy it again.',
};

export function createVerifier(parts: VerifierParts): Verifier {
  const { peppers, isolate, shared, attempts, now } = parts;

  const verify = async (text: string | null, ip: string, isAnew: boolean): Promise<Verdict> => {
    if (text === null) return refuse('key_missing');

    const key = await recogniseKey(text, peppers);
    if ('fault' in key) return refuse('key_malformed', { detail: DETAILS[key.fault] });

    const known = isAnew ? null : await recall(parts, key.lookup, key.seal);
    if (known) return admit(known, now());

    const { success } = await attempts.limit({ key: ip });
    if (!success) return refuse('too_many_attempts');

    return await check(parts, key);
  };

  return {
    verify: (text, ip) => verify(text, ip, false),
    verifyAnew: (text, ip) => verify(text, ip, true),

    async forget(lookup) {
      isolate.forget(lookup);
      await shared.forget(lookup);
    },
  };
}

/** From the memory of this isolate, else from Redis; and only for the very key that was verified. */
async function recall(
  { isolate, shared, now, onCheck }: VerifierParts,
  lookup: string,
  seal: string,
): Promise<Identity | null> {
  const here = isolate.recall(lookup, now());
  if (here && sameSeal(here.seal, seal)) {
    onCheck('isolate');
    return here.identity;
  }

  const there = await shared.recall(lookup);
  if (!there || !sameSeal(there.seal, seal)) return null;
  isolate.remember(lookup, there, now());
  onCheck('redis');
  return there.identity;
}

/** The costly way. What is refused here is not remembered: a stranger shall not fill the memory. */
async function check(parts: VerifierParts, { key, lookup, seal }: RecognisedKey): Promise<Verdict> {
  parts.onCheck('nowhere');
  let stored: StoredKey | null;
  try {
    stored = await parts.findKey(lookup);
  } catch (error) {
    if (error instanceof DatabaseUnreachable) return refuse('database_unavailable');
    throw error;
  }
  // An unknown lookup costs what a known one does, so that the answer's time does not tell them apart. Only
  // who has the whole key learns that it was revoked or has expired.
  const genuine = await parts.verifyHash(key, stored?.secretHash ?? DECOY_HASH);
  if (!stored || !genuine) return refuse('key_invalid');
  if (stored.revoked) return refuse('key_revoked');

  await remember(parts, lookup, { seal, identity: stored.identity });
  return admit(stored.identity, parts.now());
}

async function remember(parts: VerifierParts, lookup: string, key: VerifiedKey): Promise<void> {
  parts.isolate.remember(lookup, key, parts.now());
  await parts.shared.remember(lookup, key);
}

/** Asked at every use, because a key may expire while it is remembered. */
const admit = (identity: Identity, now: number): Verdict =>
  identity.expiresAt !== null && identity.expiresAt <= now ? refuse('key_expired') : { identity };

const refuse = (code: RefusalCode, more: Omit<Refusal, 'code'> = {}): Verdict => ({
  refusal: { code, ...more },
});
