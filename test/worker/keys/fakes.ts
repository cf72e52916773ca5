import { crc32 } from '../../../src/keys/crc32.ts';
import { type IssuerParts, issueKey, type KeyWish } from '../../../src/keys/create.ts';
import { createIsolateMemory } from '../../../src/keys/isolate-memory.ts';
import { createSharedMemory, type SharedStore } from '../../../src/keys/shared-memory.ts';
import { createVerifier, type Verifier, type VerifierParts } from '../../../src/keys/verify.ts';
import type { KeyRecord, StoredKey } from '../../../src/store/keys.ts';

const PEPPER = 'a pepper';

/** A Redis in a Map: values pass through JSON, `nx` is honoured, time is the world's. */
class FakeRedis implements SharedStore {
  readonly entries = new Map<string, { json: string; until: number }>();
  down = false;
  calls = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async get(key: string): Promise<unknown> {
    this.#answer();
    const entry = this.entries.get(key);
    return entry && this.#now() < entry.until ? JSON.parse(entry.json) : null;
  }

  async set(key: string, value: unknown, options: { ex: number; nx?: true }): Promise<unknown> {
    const taken = (await this.get(key)) !== null;
    if (options.nx && taken) return null;
    const until = this.#now() + options.ex * 1_000;
    this.entries.set(key, { json: JSON.stringify(value), until });
    return 'OK';
  }

  #answer(): void {
    this.calls++;
    if (this.down) throw new Error('Redis is down');
  }
}

/** All that a verifier asks, in memory: with counts of the costly questions, and switches to break things. */
export class World {
  time = Date.parse('2026-11-20T12:00:00Z');
  databaseFault: Error | null = null;
  attemptsAllowed = Number.POSITIVE_INFINITY;
  hashes = 0;
  lookups = 0;
  attempts: string[] = [];
  readonly redisFaults: unknown[] = [];
  readonly redis = new FakeRedis(() => this.time);
  readonly #rows = new Map<string, StoredKey>();

  /** A verifier as a request gets it. Each isolate has a memory of its own. */
  verifier(isolate = createIsolateMemory(), overrides: Partial<VerifierParts> = {}): Verifier {
    return createVerifier({
      peppers: [PEPPER],
      isolate,
      shared: createSharedMemory(this.redis, (error) => this.redisFaults.push(error)),
      attempts: {
        limit: async ({ key }) => {
          this.attempts.push(key);
          return { success: this.attempts.length <= this.attemptsAllowed };
        },
      },
      findKey: async (lookup) => {
        this.lookups++;
        if (this.databaseFault) throw this.databaseFault;
        return this.#rows.get(lookup) ?? null;
      },
      verifyHash: async (key, phc) => {
        this.hashes++;
        return phc === hashOf(key);
      },
      onCheck: () => {},
      now: () => this.time,
      ...overrides,
    });
  }

  /** @returns the key and its lookup */
  async issue(
    wish: Partial<KeyWish> = {},
    hash: IssuerParts['hash'] = async (key) => hashOf(key),
  ): Promise<{ key: string; lookup: string }> {
    const { key, record } = await issueKey(
      {
        pepper: null,
        hash,
        save: async ({ secretHash, ...shown }) => {
          const record = { ...shown, id: 'key-1', createdAt: this.time, revokedAt: null };
          this.#rows.set(shown.lookup, stored(record, secretHash));
          return record;
        },
      },
      { userId: 'user-1', kind: 'ing', name: null, ...NO_LIMITS, ...wish },
    );
    return { key, lookup: record.lookup };
  }

  revokeInDatabase(lookup: string): void {
    const row = this.#rows.get(lookup);
    if (row) this.#rows.set(lookup, { ...row, revoked: true });
  }
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

/** A well-formed key with somebody's lookup and a secret that was guessed. */
export function forge(lookup: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const body = `ss_ing_${lookup}${'0'.repeat(43)}`;
  const places = [62 ** 5, 62 ** 4, 62 ** 3, 62 ** 2, 62, 1];
  return body + places.map((place) => digits[Math.floor(crc32(body) / place) % 62]).join('');
}
