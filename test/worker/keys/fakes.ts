import { type Addresses, openAttemptLimits } from '../../../src/keys/attempts.ts';
import { crc32 } from '../../../src/keys/crc32.ts';
import { type IssuerParts, issueKey, type KeyWish } from '../../../src/keys/create.ts';
import type { ParsedKey } from '../../../src/keys/format.ts';
import { createIsolateMemory } from '../../../src/keys/isolate-memory.ts';
import { createSharedMemory, type SharedStore } from '../../../src/keys/shared-memory.ts';
import { type Flights, openSingleFlight } from '../../../src/keys/single-flight.ts';
import {
  createVerifier,
  type KnownBy,
  type Verdict,
  type Verifier,
  type VerifierParts,
} from '../../../src/keys/verify.ts';
import type { Identity } from '../../../src/model.ts';
import type { KeyRecord, StoredKey } from '../../../src/store/keys.ts';

export const PEPPER = 'a pepper';

/** A Redis in a Map: values pass through JSON, time is the world's. */
class FakeRedis implements SharedStore {
  readonly entries = new Map<string, { json: string; until: number }>();
  down = false;
  /** Requests: commands of the same moment count by themselves. */
  calls = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async mget(...keys: string[]): Promise<unknown[]> {
    this.#answer();
    return keys.map((key) => this.#read(key));
  }

  async get(key: string): Promise<unknown> {
    this.#answer();
    return this.#read(key);
  }

  async set(key: string, value: unknown, { ex }: { ex: number }): Promise<unknown> {
    this.#answer();
    this.entries.set(key, { json: JSON.stringify(value), until: this.#now() + ex * 1_000 });
    return 'OK';
  }

  async del(...keys: string[]): Promise<unknown> {
    this.#answer();
    return keys.filter((key) => this.entries.delete(key)).length;
  }

  #read(key: string): unknown {
    const entry = this.entries.get(key);
    return entry && this.#now() < entry.until ? JSON.parse(entry.json) : null;
  }

  #answer(): void {
    this.calls++;
    if (this.down) throw new Error('Redis is down');
  }
}

/** What the requests of an isolate share. */
export class Isolate {
  readonly memory = createIsolateMemory();
  readonly flights: Flights<Verdict> = new Map();
  readonly addresses: Addresses = new Map();
}

/** All that a verifier asks, in memory: with counts of the costly questions, and switches to break things. */
export class World {
  time = Date.parse('2026-11-20T12:00:00Z');
  databaseFault: Error | null = null;
  attemptsAllowed = Number.POSITIVE_INFINITY;
  hashes = 0;
  lookups = 0;
  attempts: string[] = [];
  readonly checks: KnownBy[] = [];
  readonly redisFaults: unknown[] = [];
  readonly redis = new FakeRedis(() => this.time);
  readonly #rows = new Map<string, StoredKey>();

  /** A verifier as a request gets it. */
  verifier(isolate = new Isolate(), overrides: Partial<VerifierParts> = {}): Verifier {
    const now = () => this.time;
    const wait = () => new Promise(() => {});
    const counter = {
      limit: async ({ key }: { key: string }) => {
        this.attempts.push(key);
        return { success: this.attempts.length <= this.attemptsAllowed };
      },
    };
    return createVerifier({
      peppers: [PEPPER],
      isolate: isolate.memory,
      shared: createSharedMemory(
        () => this.redis,
        (error) => this.redisFaults.push(error),
      ),
      flights: openSingleFlight(isolate.flights, { wait, keepAlive: () => {} }),
      attempts: openAttemptLimits({
        addresses: isolate.addresses,
        counter,
        now,
        wait: async () => {},
      }),
      findKey: async (lookup) => {
        this.lookups++;
        if (this.databaseFault) throw this.databaseFault;
        return this.#rows.get(lookup) ?? null;
      },
      verifyHash: async (key, phc) => {
        this.hashes++;
        return phc === hashOf(key);
      },
      onCheck: (known) => this.checks.push(known),
      now,
      wait,
      ...overrides,
    });
  }

  /** @returns the key and its lookup */
  async issue(
    wish: Partial<KeyWish> = {},
    { form = 'tagged', hash = async (key: string) => hashOf(key) }: IssueOptions = {},
  ): Promise<{ key: string; lookup: string }> {
    const { key, record } = await issueKey(
      {
        pepper: form === 'tagged' ? PEPPER : null,
        hash,
        save: async ({ secretHash, seal: _, ...shown }) => {
          const record = { ...shown, id: 'key-1', createdAt: this.time, revokedAt: null };
          this.#rows.set(shown.lookup, stored(record, secretHash));
          return record;
        },
      },
      { userId: 'user-1', kind: 'ing', name: null, ...NO_LIMITS, ...wish },
    );
    return { key, lookup: record.lookup };
  }

  change(lookup: string, changes: Partial<Identity>): void {
    const row = this.#rows.get(lookup);
    if (row) this.#rows.set(lookup, { ...row, identity: { ...row.identity, ...changes } });
  }

  revokeInDatabase(lookup: string): void {
    const row = this.#rows.get(lookup);
    if (row) this.#rows.set(lookup, { ...row, revoked: true });
  }
}

interface IssueOptions {
  form?: ParsedKey['form'];
  hash?: IssuerParts['hash'];
}

const NO_LIMITS = { requestsPerHour: null, bytesPerHour: null, expiresAt: null };

const hashOf = (key: string): string => `hash of ${key}`;

const stored = (record: KeyRecord, secretHash: string): StoredKey => ({
  identity: {
    keyId: record.id,
    kind: record.kind,
    userId: record.userId,
    timeZone: 'Europe/Berlin',
    requestsPerHour: record.requestsPerHour,
    bytesPerHour: record.bytesPerHour,
    expiresAt: record.expiresAt,
  },
  secretHash,
  revoked: false,
});

/** A key with somebody's lookup and a secret that was guessed, with the checksum that anyone can compute. */
export function forge(lookup: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const body = `ss_ing_${lookup}${'0'.repeat(43)}`;
  const places = [62 ** 5, 62 ** 4, 62 ** 3, 62 ** 2, 62, 1];
  return body + places.map((place) => digits[Math.floor(crc32(body) / place) % 62]).join('');
}
