import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DatabaseFault, DatabaseUnreachable } from '../../../src/database.ts';
import { hashKey, verifyKey } from '../../../src/keys/argon2.ts';
import { generateKey } from '../../../src/keys/format.ts';
import { createIsolateMemory } from '../../../src/keys/isolate-memory.ts';
import { createSharedMemory } from '../../../src/keys/shared-memory.ts';
import type { RefusalCode, Verdict } from '../../../src/keys/verify.ts';
import { openRedis } from '../../../src/redis.ts';
import { forge, World } from './fakes.ts';

const IP = '192.0.2.1';
const MINUTE = 60_000;

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const refused = (code: RefusalCode) => ({ refusal: expect.objectContaining({ code }) });
const neverAnswers = (_: string, { signal }: { signal: AbortSignal }): Promise<Response> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
const opened = (verdict: Verdict): boolean => 'identity' in verdict;

describe('a text that is no key', () => {
  test('costs nothing: no look-up, no hash, no attempt', async () => {
    const { key, lookup } = await world.issue();
    const verifier = world.verifier();
    const flipped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');

    expect(await verifier.verify(null, IP)).toEqual(refused('key_missing'));
    expect(await verifier.verify('a password', IP)).toEqual(refused('key_malformed'));
    expect(await verifier.verify(lookup, IP)).toEqual(refused('key_malformed'));
    expect(await verifier.verify(`ss_ing_${lookup}`, IP)).toEqual(refused('key_malformed'));
    const verdict = await verifier.verify(flipped, IP);
    expect(verdict).toEqual(refused('key_malformed'));
    expect(verdict).toHaveProperty(
      'refusal.detail',
      expect.stringContaining('a character was changed'),
    );

    expect(world).toMatchObject({ hashes: 0, lookups: 0, attempts: [] });
    expect(world.redis.calls).toBe(0);
  });
});

describe('a good key', () => {
  test('opens, and says whom it acts for', async () => {
    const { key } = await world.issue({ kind: 'read', requestsPerHour: 7 });
    expect(await world.verifier().verify(key, IP)).toEqual({
      identity: {
        keyId: 'key-1',
        kind: 'read',
        userId: 'user-1',
        timeZone: 'Europe/Berlin',
        requestsPerHour: 7,
        bytesPerHour: null,
        expiresAt: null,
      },
    });
  });

  test('is hashed once, then remembered in the isolate without asking anyone', async () => {
    const { key } = await world.issue();
    const isolate = createIsolateMemory();
    const first = await world.verifier(isolate).verify(key, IP);
    const calls = world.redis.calls;
    expect(await world.verifier(isolate).verify(key, IP)).toEqual(first);
    expect(world).toMatchObject({ hashes: 1, lookups: 1, attempts: [IP] });
    expect(world.redis.calls).toBe(calls);
  });

  test('is known to other isolates through Redis, for a quarter of an hour', async () => {
    const { key } = await world.issue();
    await world.verifier().verify(key, IP);
    world.time += 14 * MINUTE;
    const other = createIsolateMemory();
    expect(opened(await world.verifier(other).verify(key, IP))).toBe(true);
    const calls = world.redis.calls;
    expect(opened(await world.verifier(other).verify(key, IP))).toBe(true);
    expect(world.redis.calls).toBe(calls);
    expect(world).toMatchObject({ hashes: 1, lookups: 1, attempts: [IP] });
    world.time += 2 * MINUTE;
    expect(opened(await world.verifier().verify(key, IP))).toBe(true);
    expect(world).toMatchObject({ hashes: 2, lookups: 2 });
  });

  test('opens with real hashes too', async () => {
    const { key } = await world.issue({}, hashKey);
    const isolate = createIsolateMemory();
    const verifier = world.verifier(isolate, { verifyHash: verifyKey });
    expect(opened(await verifier.verify(key, IP))).toBe(true);
    expect(await verifier.verify((await generateKey('ing', null)).key, IP)).toEqual(
      refused('key_invalid'),
    );
  });
});

describe('neither memory', () => {
  test('holds the key or its hash', async () => {
    const { key, lookup } = await world.issue();
    await world.verifier().verify(key, IP);
    const kept = [...world.redis.entries.values()].map(({ json }) => json).join();
    expect(kept).toContain('user-1');
    expect(kept).not.toContain(key.slice(7 + lookup.length));
    expect(kept).not.toContain('hash of');
  });

  test('opens for the right lookup with a wrong secret', async () => {
    const { key, lookup } = await world.issue();
    const isolate = createIsolateMemory();
    await world.verifier(isolate).verify(key, IP);
    const forged = forge(lookup);
    expect(await world.verifier(isolate).verify(forged, IP)).toEqual(refused('key_invalid'));
    expect(world.hashes).toBe(2);
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
    expect(world.hashes).toBe(2);
  });

  test('opens for a key sealed with another pepper', async () => {
    const { key } = await world.issue();
    await world.verifier().verify(key, IP);
    await world.verifier(createIsolateMemory(), { peppers: ['another'] }).verify(key, IP);
    expect(world.hashes).toBe(2);
  });

  test('is believed when Redis holds something else', async () => {
    const { key, lookup } = await world.issue();
    await world.redis.set(`key:${lookup}`, { seal: 7, identity: 'anyone' }, { ex: 900 });
    expect(opened(await world.verifier().verify(key, IP))).toBe(true);
    expect(world.hashes).toBe(1);
  });
});

describe('a key that opens nothing', () => {
  test('costs one hash where its lookup is unknown, as where its secret is wrong', async () => {
    const { lookup } = await world.issue();
    const unknown = (await generateKey('ing', null)).key;
    expect(await world.verifier().verify(unknown, IP)).toEqual(refused('key_invalid'));
    expect(world.hashes).toBe(1);
    expect(await world.verifier().verify(forge(lookup), IP)).toEqual(refused('key_invalid'));
    expect(world.hashes).toBe(2);
  });

  test('is not hashed once its address has made too many attempts', async () => {
    world.attemptsAllowed = 2;
    const verifier = world.verifier();
    await verifier.verify((await generateKey('ing', null)).key, IP);
    await verifier.verify((await generateKey('ing', null)).key, IP);
    const { key } = await generateKey('ing', null);
    expect(await verifier.verify(key, IP)).toEqual(refused('too_many_attempts'));
    expect(world).toMatchObject({ hashes: 2, lookups: 2 });
  });

  test('meets the limit of the real binding, each address its own', async () => {
    const verifier = world.verifier(createIsolateMemory(), { attempts: env.KEY_CHECKS_PER_IP });
    const codes = [];
    for (let i = 0; i < 61; i++) {
      codes.push(await verifier.verify((await generateKey('ing', null)).key, '192.0.2.99'));
    }
    expect(codes.at(59)).toEqual(refused('key_invalid'));
    expect(codes.at(60)).toEqual(refused('too_many_attempts'));
    const other = await verifier.verify((await generateKey('ing', null)).key, '192.0.2.98');
    expect(other).toEqual(refused('key_invalid'));
  });
});

describe('an expired key', () => {
  test('is refused, also while it is remembered', async () => {
    const { key } = await world.issue({ expiresAt: world.time + 1_000 });
    const isolate = createIsolateMemory();
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
    world.time += 1_000;
    expect(await world.verifier(isolate).verify(key, IP)).toEqual(refused('key_expired'));
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_expired'));
    expect(world.hashes).toBe(1);
  });

  test('is refused at its first use', async () => {
    const { key } = await world.issue({ expiresAt: world.time - 1 });
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_expired'));
  });
});

describe('a revoked key', () => {
  test('is refused, but only its owner learns why', async () => {
    const { key, lookup } = await world.issue();
    world.revokeInDatabase(lookup);
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_revoked'));
    expect(await world.verifier().verify(forge(lookup), IP)).toEqual(refused('key_invalid'));
  });

  test('is forgotten here and in Redis at once, elsewhere within a minute', async () => {
    const { key, lookup } = await world.issue();
    const [here, elsewhere] = [createIsolateMemory(), createIsolateMemory()];
    await world.verifier(here).verify(key, IP);
    await world.verifier(elsewhere).verify(key, IP);

    world.revokeInDatabase(lookup);
    await world.verifier(here).forget(lookup);
    expect(await world.verifier(here).verify(key, IP)).toEqual(refused('key_revoked'));
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_revoked'));
    world.time += MINUTE;
    expect(await world.verifier(elsewhere).verify(key, IP)).toEqual(refused('key_revoked'));
  });

  test('is not brought back by a check that began before', async () => {
    const { key, lookup } = await world.issue();
    const revokedMeanwhile = world.verifier(createIsolateMemory(), {
      verifyHash: async () => {
        world.revokeInDatabase(lookup);
        await world.verifier().forget(lookup);
        return true;
      },
    });
    expect(opened(await revokedMeanwhile.verify(key, IP))).toBe(true);
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_revoked'));
  });

  test('is not said to be forgotten while Redis cannot be told', async () => {
    const { lookup } = await world.issue();
    world.redis.down = true;
    await expect(world.verifier().forget(lookup)).rejects.toThrow('Redis is down');
  });
});

describe('without Redis', () => {
  test('the database decides; a Redis that failed is not asked again in that request', async () => {
    const { key } = await world.issue();
    world.redis.down = true;
    const isolate = createIsolateMemory();
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
    expect(world.redis.calls).toBe(1);
    expect(world.redisFaults).toHaveLength(1);
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
    expect(world.hashes).toBe(1);
  });

  test('that hangs, the real client waits a second, and no more', async () => {
    const { key, lookup } = await world.issue();
    vi.stubGlobal('fetch', neverAnswers);
    const shared = createSharedMemory(openRedis(env), (error) => world.redisFaults.push(error));
    const verifier = world.verifier(createIsolateMemory(), { shared });

    const began = Date.now();
    expect(opened(await verifier.verify(key, IP))).toBe(true);
    expect(Date.now() - began).toBeLessThan(1_500);
    expect(world.redisFaults).toEqual([expect.objectContaining({ name: 'TimeoutError' })]);
    await expect(verifier.forget(lookup)).rejects.toThrow();
  });
});

describe('without the database', () => {
  test('a remembered key opens, any other is asked to come again', async () => {
    const [known, other] = [await world.issue(), await world.issue()];
    await world.verifier().verify(known.key, IP);
    world.databaseFault = new DatabaseUnreachable('away');
    expect(opened(await world.verifier().verify(known.key, IP))).toBe(true);
    expect(await world.verifier().verify(other.key, IP)).toEqual(refused('database_unavailable'));
  });

  test('a fault of ours is not passed off as an outage', async () => {
    const { key } = await world.issue();
    world.databaseFault = new DatabaseFault('42P01', null);
    await expect(world.verifier().verify(key, IP)).rejects.toThrow(DatabaseFault);
  });
});

test('the memory of an isolate is bounded, and the oldest key makes room', () => {
  const isolate = createIsolateMemory(2);
  const identity = { keyId: 'k', userId: 'u', timeZone: 'UTC', kind: 'ing' as const };
  const limits = { requestsPerHour: null, bytesPerHour: null, expiresAt: null };
  const verified = { seal: 's', identity: { ...identity, ...limits } };
  for (const lookup of ['a', 'b', 'a', 'c']) isolate.remember(lookup, verified, 0);
  expect(isolate.recall('b', 0)).toBeNull();
  expect(isolate.recall('a', 0)).toMatchObject(verified);
  expect(isolate.recall('c', MINUTE - 1)).toMatchObject(verified);
  expect(isolate.recall('c', MINUTE)).toBeNull();
});
