/** From the text of a key to the person it acts for. */

import type { ProblemCode } from '../codes.ts';
import { DatabaseUnreachable } from '../database.ts';
import type { Identity } from '../model.ts';
import type { StoredKey } from '../store/keys.ts';
import { DECOY_HASH } from './argon2-parameters.ts';
import type { AttemptLimits } from './attempts.ts';
import { type KeyFault, type RecognisedKey, recogniseKey, shapeOf } from './format.ts';
import type { IsolateMemory } from './isolate-memory.ts';
import { sameSeal, sealKey } from './seal.ts';
import { isOutdated, isRevoked, type Recalled, type SharedMemory } from './shared-memory.ts';
import type { SingleFlight } from './single-flight.ts';
import { isFresh, isUsable, type VerifiedKey } from './verified-key.ts';

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

/** A key of this server whose person cannot be looked up now: what it says of itself is all that is known. */
export type GenuineKey = Pick<RecognisedKey, 'kind' | 'lookup' | 'seal'>;

export type Verdict = { identity: Identity } | { genuine: GenuineKey } | { refusal: Refusal };

/**
 * Where a key was known: in this isolate, in Redis, verified before and looked up again (`database`), nowhere, which
 * costs a hash; or, while the database is away, verified before (`outage`) or recognised by its tag (`tag`).
 */
export type KnownBy = 'isolate' | 'redis' | 'database' | 'nowhere' | 'outage' | 'tag';

export interface VerifierParts {
  /** `KEY_PEPPER` of the settings, then `FORMER_KEY_PEPPERS`. */
  peppers: readonly [string, ...string[]];
  isolate: IsolateMemory;
  shared: SharedMemory;
  flights: SingleFlight<Verdict>;
  attempts: AttemptLimits;
  /** @throws whatever the database throws */
  findKey(lookup: string): Promise<StoredKey | null>;
  /** Whether the PHC string is the hash of the key. Costly. */
  verifyHash(key: string, phc: string): Promise<boolean>;
  /** Unix milliseconds. */
  now(): number;
  wait(ms: number): Promise<unknown>;
  onCheck(known: KnownBy): void;
}

export interface Verifier {
  /** @param text what `readKey` found; @param address where the request comes from, asked where that matters */
  verify(text: string | null, address: () => string): Promise<Verdict>;
  /** The same, against the hash itself: whatever is remembered of the key does not count. */
  verifyAnew(text: string | null, address: () => string): Promise<Verdict>;
  /**
   * A revoked key is refused here at once, and everywhere within the minute that an isolate does not ask.
   * @throws if Redis cannot be reached: others may then take the key for up to a day. Try again.
   */
  forget(lookup: string): Promise<void>;
  /** What a key stands for has changed: everywhere within that minute. @throws as `forget` */
  change(lookup: string): Promise<void>;
}

const DETAILS: Record<KeyFault, string> = {
  malformed:
    'A key begins with ss_ing_, ss_read_ or ss_admin_ and goes on with 61 letters and digits.',
  altered:
    'Its last characters do not fit the rest: a character was changed, or another server made it. Copy it again.',
};

export function createVerifier(parts: VerifierParts): Verifier {
  const { peppers, isolate, shared, flights, now } = parts;

  const recognised = async (
    text: string | null,
    use: (key: RecognisedKey) => Promise<Verdict>,
  ): Promise<Verdict> => {
    if (text === null) return refuse('key_missing');
    const key = await recogniseKey(text, peppers);
    if ('fault' in key) return refuse('key_malformed', { detail: DETAILS[key.fault] });
    return use(key);
  };

  return {
    async verify(text, address) {
      const here = text === null ? null : await settledHere(parts, text);
      if (here !== null) {
        parts.onCheck('isolate');
        return admit(here.identity, now());
      }
      return recognised(text, (key) => flights.share(key.seal, () => settle(parts, key, address)));
    },

    verifyAnew: (text, address) =>
      recognised(text, async (key) => {
        const checked = await check(parts, key, { address, isProven: false });
        return 'fault' in checked ? unlessFaulty(checked.fault) : checked;
      }),

    async forget(lookup) {
      isolate.forget(lookup);
      await shared.forget(lookup);
    },

    async change(lookup) {
      isolate.doubt(lookup);
      await shared.change(lookup, now());
    },
  };
}

/**
 * What this isolate may take without asking anyone. The seal is of the whole key, so that whose seal is known needs no look at its
 * tag: one HMAC in place of two. A key of a former pepper is recognised the long way.
 */
async function settledHere(
  { isolate, peppers, now }: VerifierParts,
  text: string,
): Promise<VerifiedKey | null> {
  const shape = shapeOf(text);
  const here = shape === null ? null : isolate.recall(shape.lookup, now());
  if (shape === null || here === null || here.settledUntil <= now()) return null;
  return sameSeal(here.seal, await sealKey(peppers[0], shape.key)) ? here : null;
}

/** Only for the very key that was verified. */
function rememberedHere({ isolate, now }: VerifierParts, { lookup, seal }: RecognisedKey) {
  const here = isolate.recall(lookup, now());
  return here !== null && sameSeal(here.seal, seal) ? here : null;
}

/** Asks Redis, then the database; while that is away, what is remembered decides, then the tag. */
async function settle(
  parts: VerifierParts,
  key: RecognisedKey,
  address: () => string,
): Promise<Verdict> {
  const { isolate, shared, now, onCheck } = parts;
  const here = rememberedHere(parts, key);
  const recalled = await shared.recall(key.lookup);
  const there = rememberedThere(recalled, key, now());
  const known = latest(here, there);

  // Only who has the whole key learns that it was revoked.
  if (recalled !== null && isRevoked(recalled.mark)) {
    isolate.forget(key.lookup);
    if (known !== null || key.form === 'tagged') return refuse('key_revoked');
  }
  if (there !== null && isFresh(there, now()) && !isOutdated(there, recalled?.mark ?? null)) {
    isolate.remember(key.lookup, there, now());
    onCheck('redis');
    return admit(there.identity, now());
  }
  const checked = await check(parts, key, { address, isProven: known !== null });
  if (!('fault' in checked)) return checked;
  if (known !== null) {
    isolate.remember(key.lookup, known, now());
    onCheck('outage');
    return admit(known.identity, now());
  }
  if (key.form === 'checksummed') return unlessFaulty(checked.fault);
  onCheck('tag');
  return { genuine: { kind: key.kind, lookup: key.lookup, seal: key.seal } };
}

function rememberedThere(
  recalled: Recalled | null,
  { seal }: RecognisedKey,
  now: number,
): VerifiedKey | null {
  const there = recalled?.key ?? null;
  return there !== null && sameSeal(there.seal, seal) && isUsable(there, now) ? there : null;
}

const latest = (one: VerifiedKey | null, other: VerifiedKey | null): VerifiedKey | null =>
  one === null || (other !== null && other.checkedAt > one.checkedAt) ? other : one;

interface CheckOptions {
  address: () => string;
  /** The key was verified before, by its hash: that does not change. */
  isProven: boolean;
}

/** `fault`: what the database threw. */
type Checked = Verdict | { fault: unknown };

/**
 * Asks the database, and hashes the key unless it was proven before. A key with a tag never counts as an attempt: it
 * cannot be guessed. What is refused here is not remembered: a stranger shall not fill the memory.
 */
async function check(
  parts: VerifierParts,
  key: RecognisedKey,
  { address, isProven }: CheckOptions,
): Promise<Checked> {
  const { attempts } = parts;
  if (isProven || key.form === 'tagged') return lookUp(parts, key, isProven);

  const from = address();
  if (!(await attempts.begin(from))) return refuse('too_many_attempts');
  let isWrong = false;
  try {
    const checked = await lookUp(parts, key, false);
    isWrong = 'refusal' in checked;
    return checked;
  } finally {
    await attempts.end(from, isWrong);
  }
}

async function lookUp(
  parts: VerifierParts,
  key: RecognisedKey,
  isProven: boolean,
): Promise<Checked> {
  const { isolate, shared, now, onCheck, verifyHash } = parts;
  const checkedAt = now();
  const found = await findWithin(parts, key.lookup);
  if ('fault' in found) return found;

  const { stored } = found;
  onCheck(isProven ? 'database' : 'nowhere');
  if (isProven || key.form === 'tagged') {
    if (stored === null) return refuse('key_invalid');
    if (stored.revoked) {
      await shared.forget(key.lookup).catch(() => {});
      return refuse('key_revoked');
    }
  }
  // An unknown lookup costs what a known one does, so that the answer's time does not tell them apart. Only
  // who has the whole key learns that it was revoked or has expired.
  const isRight = isProven || (await verifyHash(key.key, stored?.secretHash ?? DECOY_HASH));
  if (!stored || !isRight) return refuse('key_invalid');
  if (stored.revoked) return refuse('key_revoked');

  const verified = { seal: key.seal, identity: stored.identity, checkedAt };
  isolate.remember(key.lookup, verified, now());
  await shared.remember(key.lookup, verified);
  return admit(stored.identity, now());
}

/** A phone waits for a minute: there must be time for its upload, too. */
const MAX_LOOKUP_MS = 10_000;

async function findWithin(
  { findKey, wait }: VerifierParts,
  lookup: string,
): Promise<{ stored: StoredKey | null } | { fault: unknown }> {
  const tooLate = { fault: new DatabaseUnreachable('The database takes too long') };
  const found = findKey(lookup).then(
    (stored) => ({ stored }),
    (fault: unknown) => ({ fault }),
  );
  return Promise.race([found, wait(MAX_LOOKUP_MS).then(() => tooLate)]);
}

/** A fault of ours is not passed off as an outage. @throws the fault */
function unlessFaulty(fault: unknown): Verdict {
  if (fault instanceof DatabaseUnreachable) return refuse('database_unavailable');
  throw fault;
}

/** Asked at every use, because a key may expire while it is remembered. */
const admit = (identity: Identity, now: number): Verdict =>
  identity.expiresAt !== null && identity.expiresAt <= now ? refuse('key_expired') : { identity };

const refuse = (code: RefusalCode, more: Omit<Refusal, 'code'> = {}): Verdict => ({
  refusal: { code, ...more },
});
