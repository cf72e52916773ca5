import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DatabaseFault, DatabaseUnreachable } from '../../../src/database.ts';
import { hashKey, verifyKey } from '../../../src/keys/argon2.ts';
import { openAttemptLimits } from '../../../src/keys/attempts.ts';
import { generateKey } from '../../../src/keys/format.ts';
import { createIsolateMemory } from '../../../src/keys/isolate-memory.ts';
import { createSharedMemory } from '../../../src/keys/shared-memory.ts';
import { openSingleFlight } from '../../../src/keys/single-flight.ts';
import type { RefusalCode, Verdict } from '../../../src/keys/verify.ts';
import { openRedis } from '../../../src/redis.ts';
import { forge, Isolate, PEPPER, World } from './fakes.ts';

const IP = () => '192.0.2.1';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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
/** Well-formed, with a checksum, and in no database. */
const stranger = async () => (await generateKey('ing', null)).key;

/** As the outage of a database looks. */
const away = () => new DatabaseUnreachable('away');

describe('a text that is no key', () => {
  test.each(['tagged', 'checksummed'] as const)('costs nothing (%s)', async (form) => {
    const { key, lookup } = await world.issue({}, { form });
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

  test('nor does a forged tag', async () => {
    const { key } = await generateKey('ing', 'the pepper of somebody else');
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_malformed'));
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
    const isolate = new Isolate();
    const first = await world.verifier(isolate).verify(key, IP);
    const calls = world.redis.calls;
    expect(await world.verifier(isolate).verify(key, IP)).toEqual(first);
    expect(world).toMatchObject({ hashes: 1, lookups: 1, attempts: [] });
    expect(world.redis.calls).toBe(calls);
    expect(world.checks).toEqual(['nowhere', 'isolate']);
  });

  test('that comes by the hour costs one question to Redis: no hash, no look-up', async () => {
    const { key } = await world.issue();
    const isolate = new Isolate();
    await world.verifier(isolate).verify(key, IP);
    for (let hour = 1; hour < 24; hour++) {
      world.time += HOUR;
      const calls = world.redis.calls;
      expect(opened(await world.verifier(hour % 2 ? isolate : undefined).verify(key, IP))).toBe(
        true,
      );
      expect(world.redis.calls).toBe(calls + 1);
    }
    expect(world).toMatchObject({ hashes: 1, lookups: 1 });
    expect(world.checks.slice(1)).toEqual(Array(23).fill('redis'));
  });

  test('is looked up again after a day, and hashed again after 30', async () => {
    const { key } = await world.issue();
    await world.verifier().verify(key, IP);
    world.time += DAY;
    expect(opened(await world.verifier().verify(key, IP))).toBe(true);
    expect(world).toMatchObject({ hashes: 1, lookups: 2 });
    world.time += 30 * DAY;
    expect(opened(await world.verifier().verify(key, IP))).toBe(true);
    expect(world).toMatchObject({ hashes: 2, lookups: 3 });
    expect(world.checks).toEqual(['nowhere', 'database', 'nowhere']);
  });

  test.each(['tagged', 'checksummed'] as const)('opens with real hashes too (%s)', async (form) => {
    const { key } = await world.issue({}, { form, hash: hashKey });
    const verifier = world.verifier(new Isolate(), { verifyHash: verifyKey });
    expect(opened(await verifier.verify(key, IP))).toBe(true);
    expect(await verifier.verify(await stranger(), IP)).toEqual(refused('key_invalid'));
  });
});

describe('many requests at once', () => {
  test.each(['tagged', 'checksummed'] as const)(
    'with one cold key: one hash (%s)',
    async (form) => {
      world.attemptsAllowed = 0;
      const { key } = await world.issue({}, { form });
      const isolate = new Isolate();
      const verdicts = await Promise.all(
        Array.from({ length: 64 }, () => world.verifier(isolate).verify(key, IP)),
      );
      expect(verdicts.every(opened)).toBe(true);
      expect(world).toMatchObject({ hashes: 1, lookups: 1, attempts: [] });
      expect(isolate.flights.size).toBe(0);
    },
  );

  test('with one wrong key: one hash, one attempt', async () => {
    const key = await stranger();
    const isolate = new Isolate();
    await Promise.all(Array.from({ length: 64 }, () => world.verifier(isolate).verify(key, IP)));
    expect(world).toMatchObject({ hashes: 1, lookups: 1, attempts: [IP()] });
  });

  test.each(['tagged', 'checksummed'] as const)(
    'of 200 phones behind one address: all pass (%s)',
    async (form) => {
      world.attemptsAllowed = 0;
      const phones = await Promise.all(
        Array.from({ length: 200 }, () => world.issue({}, { form })),
      );
      const isolate = new Isolate();
      const verdicts = await Promise.all(
        phones.map(({ key }) => world.verifier(isolate).verify(key, IP)),
      );
      expect(verdicts.filter((verdict) => !opened(verdict))).toEqual([]);
      expect(world).toMatchObject({ hashes: 200, attempts: [] });
      expect(isolate.addresses.size).toBe(0);
    },
  );

  test('whose first was cut off go on by themselves', async () => {
    const { key } = await world.issue();
    const isolate = new Isolate();
    const cutOff = world.verifier(isolate, { findKey: () => new Promise(() => {}) });
    void cutOff.verify(key, IP);
    await scheduler.wait(1);
    expect(isolate.flights.size).toBe(1);
    const flights = openSingleFlight(isolate.flights, {
      wait: async () => {},
      keepAlive: () => {},
    });
    expect(opened(await world.verifier(isolate, { flights }).verify(key, IP))).toBe(true);
    expect(isolate.flights.size).toBe(0);
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
    const isolate = new Isolate();
    await world.verifier(isolate).verify(key, IP);
    const forged = forge(lookup);
    expect(await world.verifier(isolate).verify(forged, IP)).toEqual(refused('key_invalid'));
    expect(world.hashes).toBe(2);
    world.databaseFault = away();
    expect(await world.verifier(isolate).verify(forged, IP)).toEqual(
      refused('database_unavailable'),
    );
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
  });

  test('opens for a key sealed with another pepper', async () => {
    const { key } = await world.issue({}, { form: 'checksummed' });
    await world.verifier().verify(key, IP);
    await world.verifier(new Isolate(), { peppers: ['another'] }).verify(key, IP);
    expect(world.hashes).toBe(2);
  });

  test('is lost for a tagged key whose pepper is a former one', async () => {
    const { key } = await world.issue();
    await world.verifier().verify(key, IP);
    const verifier = world.verifier(new Isolate(), { peppers: ['another', PEPPER] });
    expect(opened(await verifier.verify(key, IP))).toBe(true);
    expect(world.hashes).toBe(1);
  });

  test('is believed when Redis holds something else', async () => {
    const { key, lookup } = await world.issue();
    await world.redis.set(`key:${lookup}`, { seal: 7, identity: 'anyone' }, { ex: 900 });
    await world.redis.set(`keymark:${lookup}`, 'forgotten', { ex: 900 });
    expect(opened(await world.verifier().verify(key, IP))).toBe(true);
    expect(world.hashes).toBe(1);
  });
});

describe('a key that opens nothing', () => {
  test('costs one hash where its lookup is unknown, as where its secret is wrong', async () => {
    const { lookup } = await world.issue({}, { form: 'checksummed' });
    expect(await world.verifier().verify(await stranger(), IP)).toEqual(refused('key_invalid'));
    expect(world.hashes).toBe(1);
    expect(await world.verifier().verify(forge(lookup), IP)).toEqual(refused('key_invalid'));
    expect(world.hashes).toBe(2);
  });

  test('is not hashed once its address has made too many attempts', async () => {
    world.attemptsAllowed = 2;
    const isolate = new Isolate();
    const verify = async () => world.verifier(isolate).verify(await stranger(), IP);
    for (let i = 0; i < 3; i++) expect(await verify()).toEqual(refused('key_invalid'));
    expect(await verify()).toEqual(refused('too_many_attempts'));
    expect(world).toMatchObject({ hashes: 3, lookups: 3 });
    world.time += MINUTE;
    expect(await verify()).toEqual(refused('key_invalid'));
  });

  test('is not hashed a thousand times by a thousand guesses at once', async () => {
    world.attemptsAllowed = 60;
    const guesses = await Promise.all(Array.from({ length: 1_000 }, stranger));
    const isolate = new Isolate();
    await Promise.all(guesses.map((key) => world.verifier(isolate).verify(key, IP)));
    // 60 that are wrong, and as many that had begun when it was the last one's turn.
    expect(world.hashes).toBeLessThanOrEqual(120);
  });

  test('with a tag is let through to say so while its address is refused', async () => {
    world.attemptsAllowed = 0;
    const isolate = new Isolate();
    await world.verifier(isolate).verify(await stranger(), IP);
    const { key } = await world.issue();
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
    const other = await world.issue({}, { form: 'checksummed' });
    expect(await world.verifier(isolate).verify(other.key, IP)).toEqual(
      refused('too_many_attempts'),
    );
  });

  test('meets the limit of the real binding, each address its own', async () => {
    const isolate = new Isolate();
    const verify = async (ip: string) => {
      const attempts = openAttemptLimits({
        addresses: isolate.addresses,
        counter: env.KEY_CHECKS_PER_IP,
        now: () => world.time,
        wait: async () => {},
      });
      return world.verifier(isolate, { attempts }).verify(await stranger(), () => ip);
    };
    const codes = [];
    for (let i = 0; i < 62; i++) codes.push(await verify('192.0.2.99'));
    expect(codes.at(59)).toEqual(refused('key_invalid'));
    expect(codes.at(61)).toEqual(refused('too_many_attempts'));
    expect(await verify('192.0.2.98')).toEqual(refused('key_invalid'));
  });
});

describe('an expired key', () => {
  test('is refused, also while it is remembered', async () => {
    const { key } = await world.issue({ expiresAt: world.time + 1_000 });
    const isolate = new Isolate();
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
    world.time += 1_000;
    expect(await world.verifier(isolate).verify(key, IP)).toEqual(refused('key_expired'));
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_expired'));
    expect(world.hashes).toBe(1);
  });

  test('is refused in an outage, too', async () => {
    const { key } = await world.issue({ expiresAt: world.time + 2 * DAY });
    await world.verifier().verify(key, IP);
    world.databaseFault = away();
    world.time += DAY;
    expect(opened(await world.verifier().verify(key, IP))).toBe(true);
    world.time += DAY;
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_expired'));
  });

  test('is refused at its first use', async () => {
    const { key } = await world.issue({ expiresAt: world.time - 1 });
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_expired'));
  });
});

describe('a revoked key', () => {
  test.each(['tagged', 'checksummed'] as const)(
    'is refused; only its owner learns why (%s)',
    async (form) => {
      const { key, lookup } = await world.issue({}, { form });
      world.revokeInDatabase(lookup);
      expect(await world.verifier().verify(key, IP)).toEqual(refused('key_revoked'));
      expect(await world.verifier().verify(forge(lookup), IP)).toEqual(refused('key_invalid'));
    },
  );

  test('is forgotten here and in Redis at once, elsewhere within a minute', async () => {
    const { key, lookup } = await world.issue();
    const [here, elsewhere] = [new Isolate(), new Isolate()];
    await world.verifier(here).verify(key, IP);
    await world.verifier(elsewhere).verify(key, IP);

    world.revokeInDatabase(lookup);
    await world.verifier(here).forget(lookup);
    expect(await world.verifier(here).verify(key, IP)).toEqual(refused('key_revoked'));
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_revoked'));
    world.time += MINUTE;
    expect(await world.verifier(elsewhere).verify(key, IP)).toEqual(refused('key_revoked'));
  });

  test('leaves nothing in Redis but that it was revoked, for 30 days', async () => {
    const { key, lookup } = await world.issue();
    await world.verifier().verify(key, IP);
    world.revokeInDatabase(lookup);
    await world.verifier().forget(lookup);
    const left = [...world.redis.entries].map(([name, { json, until }]) => [name, json, until]);
    expect(left).toEqual([[`keymark:${lookup}`, '{"revoked":true}', world.time + 30 * DAY]]);
  });

  test('is not brought back by a check that began before', async () => {
    const { key, lookup } = await world.issue();
    const revokedMeanwhile = world.verifier(new Isolate(), {
      verifyHash: async () => {
        world.revokeInDatabase(lookup);
        await world.verifier().forget(lookup);
        return true;
      },
    });
    expect(opened(await revokedMeanwhile.verify(key, IP))).toBe(true);
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_revoked'));
    expect(world.redis.entries.has(`key:${lookup}`)).toBe(false);
  });

  test('is not said to be forgotten while Redis cannot be told', async () => {
    const { lookup } = await world.issue();
    world.redis.down = true;
    await expect(world.verifier().forget(lookup)).rejects.toThrow('Redis is down');
  });

  test.each(['tagged', 'checksummed'] as const)('stays refused in an outage (%s)', async (form) => {
    const { key, lookup } = await world.issue({}, { form });
    const isolate = new Isolate();
    await world.verifier(isolate).verify(key, IP);
    world.revokeInDatabase(lookup);
    await world.verifier().forget(lookup);
    world.databaseFault = away();
    world.time += 29 * DAY;
    expect(await world.verifier(isolate).verify(key, IP)).toEqual(refused('key_revoked'));
    const cold = await world.verifier().verify(key, IP);
    expect(cold).toEqual(refused(form === 'tagged' ? 'key_revoked' : 'database_unavailable'));
  });

  test('that only the database knows of is found out within a day, and then everywhere', async () => {
    const { key, lookup } = await world.issue();
    await world.verifier().verify(key, IP);
    world.revokeInDatabase(lookup);
    world.time += DAY - MINUTE;
    expect(opened(await world.verifier().verify(key, IP))).toBe(true);
    world.time += MINUTE;
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_revoked'));
    world.databaseFault = away();
    expect(await world.verifier().verify(key, IP)).toEqual(refused('key_revoked'));
  });
});

describe('what a key stands for', () => {
  test('is looked up again within a minute once it has changed, without a hash', async () => {
    const { key, lookup } = await world.issue();
    const [here, elsewhere] = [new Isolate(), new Isolate()];
    await world.verifier(here).verify(key, IP);
    await world.verifier(elsewhere).verify(key, IP);
    world.change(lookup, { timeZone: 'Asia/Tokyo', requestsPerHour: 5 });
    await world.verifier(here).change(lookup);
    const changed = { identity: { timeZone: 'Asia/Tokyo', requestsPerHour: 5 } };
    world.time += 1;
    expect(await world.verifier(here).verify(key, IP)).toMatchObject(changed);
    world.time += MINUTE;
    expect(await world.verifier(elsewhere).verify(key, IP)).toMatchObject(changed);
    expect(world).toMatchObject({ hashes: 1, lookups: 2 });
  });

  test('is not what a check says that began before the change', async () => {
    const { key, lookup } = await world.issue();
    const changedMeanwhile = world.verifier(new Isolate(), {
      verifyHash: async () => {
        world.change(lookup, { timeZone: 'Asia/Tokyo' });
        await world.verifier().change(lookup);
        return true;
      },
    });
    await changedMeanwhile.verify(key, IP);
    world.time += MINUTE;
    expect(await world.verifier().verify(key, IP)).toMatchObject({
      identity: { timeZone: 'Asia/Tokyo' },
    });
  });
});

describe('without Redis', () => {
  test('the database decides; a Redis that failed is not asked again in that request', async () => {
    const { key } = await world.issue();
    world.redis.down = true;
    const isolate = new Isolate();
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
    expect(world.redis.calls).toBe(1);
    expect(world.redisFaults).toHaveLength(1);
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
    expect(world.hashes).toBe(1);
  });

  test('the database is asked once a minute whether a remembered key still holds', async () => {
    const { key, lookup } = await world.issue();
    const isolate = new Isolate();
    await world.verifier(isolate).verify(key, IP);
    world.redis.down = true;
    world.time += MINUTE;
    expect(opened(await world.verifier(isolate).verify(key, IP))).toBe(true);
    expect(world).toMatchObject({ hashes: 1, lookups: 2 });
    world.revokeInDatabase(lookup);
    world.time += MINUTE;
    expect(await world.verifier(isolate).verify(key, IP)).toEqual(refused('key_revoked'));
  });

  test('that hangs, the real client waits a second, and no more', async () => {
    const { key, lookup } = await world.issue();
    vi.stubGlobal('fetch', neverAnswers);
    const shared = createSharedMemory(
      () => openRedis(env),
      (error) => world.redisFaults.push(error),
    );
    const verifier = world.verifier(new Isolate(), { shared });

    const began = Date.now();
    expect(opened(await verifier.verify(key, IP))).toBe(true);
    expect(Date.now() - began).toBeLessThan(1_500);
    expect(world.redisFaults).toEqual([expect.objectContaining({ name: 'TimeoutError' })]);
    await expect(verifier.forget(lookup)).rejects.toThrow();
  });
});

describe('without the database', () => {
  test.each([
    ['in Redis alone', () => undefined, false],
    ['in the isolate alone', (isolate: Isolate) => isolate, true],
  ])('a key remembered %s opens for 30 days', async (_, isolateOf, redisIsDown) => {
    const { key } = await world.issue({}, { form: 'checksummed' });
    const isolate = new Isolate();
    await world.verifier(isolate).verify(key, IP);
    world.databaseFault = away();
    world.redis.down = redisIsDown;
    for (let day = 1; day < 30; day++) {
      world.time += DAY;
      expect(opened(await world.verifier(isolateOf(isolate)).verify(key, IP))).toBe(true);
    }
    world.time += DAY;
    expect(await world.verifier(isolateOf(isolate)).verify(key, IP)).toEqual(
      refused('database_unavailable'),
    );
    expect(world.hashes).toBe(1);
    expect(world.checks).toContain('outage');
  });

  test('it is asked once a minute, not at each request', async () => {
    const { key } = await world.issue();
    const isolate = new Isolate();
    await world.verifier(isolate).verify(key, IP);
    world.databaseFault = away();
    world.time += DAY;
    for (let i = 0; i < 5; i++) await world.verifier(isolate).verify(key, IP);
    expect(world.lookups).toBe(2);
  });

  test('a key with a tag is genuine, though nobody knows whose it is', async () => {
    const { key, lookup } = await world.issue();
    world.databaseFault = away();
    world.redis.down = true;
    expect(await world.verifier().verify(key, IP)).toEqual({
      genuine: { kind: 'ing', lookup, seal: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(world).toMatchObject({ hashes: 0, attempts: [], checks: ['tag'] });
  });

  test('so is it where the database answers with a fault of ours', async () => {
    const { key } = await world.issue();
    world.databaseFault = new DatabaseFault('42P01', null);
    expect(await world.verifier().verify(key, IP)).toHaveProperty('genuine');
  });

  test('a key with a checksum is asked to come again, and that is no attempt', async () => {
    const { key } = await world.issue({}, { form: 'checksummed' });
    world.databaseFault = away();
    expect(await world.verifier().verify(key, IP)).toEqual(refused('database_unavailable'));
    expect(world).toMatchObject({ hashes: 0, attempts: [] });
  });

  test('that hangs, a key is not kept waiting for longer than ten seconds', async () => {
    const { key } = await world.issue();
    const waits: number[] = [];
    const verifier = world.verifier(new Isolate(), {
      findKey: () => new Promise(() => {}),
      wait: async (ms) => waits.push(ms),
    });
    expect(await verifier.verify(key, IP)).toHaveProperty('genuine');
    expect(waits).toEqual([10_000]);
  });

  test('a check that must not rely on memory is refused', async () => {
    const { key } = await world.issue();
    const isolate = new Isolate();
    await world.verifier(isolate).verify(key, IP);
    world.databaseFault = away();
    expect(await world.verifier(isolate).verifyAnew(key, IP)).toEqual(
      refused('database_unavailable'),
    );
  });

  test('a fault of ours is not passed off as an outage', async () => {
    const { key } = await world.issue({}, { form: 'checksummed' });
    world.databaseFault = new DatabaseFault('42P01', null);
    await expect(world.verifier().verify(key, IP)).rejects.toThrow(DatabaseFault);
  });
});

test('the memory of an isolate is bounded, and the key remembered longest ago makes room', () => {
  const isolate = createIsolateMemory(2);
  const identity = { keyId: 'k', userId: 'u', timeZone: 'UTC', kind: 'ing' as const };
  const limits = { requestsPerHour: null, bytesPerHour: null, expiresAt: null };
  const verified = { seal: 's', identity: { ...identity, ...limits }, checkedAt: 0 };
  for (const lookup of ['a', 'b', 'a', 'c']) isolate.remember(lookup, verified, 0);
  expect(isolate.recall('b', 0)).toBeNull();
  expect(isolate.recall('a', 0)).toMatchObject({ ...verified, settledUntil: MINUTE });
  expect(isolate.recall('c', 30 * DAY - 1)).toMatchObject(verified);
  expect(isolate.recall('c', 30 * DAY)).toBeNull();
});
