import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKey } from '../../src/keys/format.ts';
import { payload } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
  ada = await test.newPerson();
});
afterAll(() => test.stack.stop());

/** `KEY_CHECKS_PER_IP` of wrangler.toml. */
const ATTEMPTS_PER_MINUTE = 60;

const EMPTY = payload();
const upload = (key: string | null, headers: Record<string, string> = {}) =>
  test.call('/api/v1/sync', key, { method: 'POST', body: EMPTY, headers });

/** The same key with its last letter changed. */
const mistyped = (key: string) => key.slice(0, -1) + (key.endsWith('a') ? 'b' : 'a');

/** A key whose lookup leads to the row of another one. */
async function forged(): Promise<string> {
  const { key, lookup } = await generateKey('ing', null);
  const genuine = await test.newKey(ada.id, 'ing', { form: 'checksummed' });
  await test.stack.query('update api_keys set lookup = $1 where lookup = $2', [
    lookup,
    genuine.slice('ss_ing_'.length, 'ss_ing_'.length + lookup.length),
  ]);
  return key;
}

describe('an upload is refused', () => {
  it.each([
    ['without a key', async () => null, 'key_missing'],
    ['with something that is no key', async () => 'hello', 'key_malformed'],
    ['with a mistyped key', async () => mistyped(ada.keys.ing), 'key_malformed'],
    ['with the public part of a key', async () => ada.keys.ing.slice(0, 19), 'key_malformed'],
    [
      'with a key that was never given',
      async () => (await generateKey('ing', null)).key,
      'key_invalid',
    ],
    ['with the lookup of a key that exists, but another secret', forged, 'key_invalid'],
    [
      'with a key that has expired',
      () => test.newKey(ada.id, 'ing', { columns: { expires_at: '2020-01-01T00:00:00Z' } }),
      'key_expired',
    ],
    [
      'with a key that was revoked',
      () => test.newKey(ada.id, 'ing', { columns: { revoked_at: '2020-01-01T00:00:00Z' } }),
      'key_revoked',
    ],
  ])('%s', async (_, makeKey, code) => {
    const { status, headers, body } = await upload(await makeKey());
    expect([status, body.error]).toEqual([401, code]);
    expect(headers.get('www-authenticate')).toContain('Bearer');
  });

  it('with a key that may only read', async () => {
    const { status, body } = await upload(ada.keys.read);
    expect([status, body.error]).toEqual([403, 'scope_missing']);
    expect(body.detail).toContain('ing');
  });
});

it('an address that tries many keys has to wait', async () => {
  const from = { 'CF-Connecting-IP': '203.0.113.7' };
  await upload(ada.keys.ing);
  // The limit counts by the minute of the clock, which may turn over once while we try.
  const codes: (string | undefined)[] = [];
  while (codes.at(-1) !== 'too_many_attempts' && codes.length <= 2 * ATTEMPTS_PER_MINUTE)
    codes.push((await upload((await generateKey('ing', null)).key, from)).body.error);
  expect(codes.at(-1)).toBe('too_many_attempts');
  expect(codes.length).toBeGreaterThan(ATTEMPTS_PER_MINUTE);
  expect(new Set(codes.slice(0, -1))).toEqual(new Set(['key_invalid']));
  // Whoever is known is let in all the same.
  expect((await upload(ada.keys.ing, from)).status).toBe(200);
});

describe('a key opens what it is for, and nothing else', () => {
  it.each([
    ['ing', 'POST', '/api/v1/sync', 200],
    ['ing', 'GET', '/api/v1/ingestions', 200],
    ['ing', 'GET', '/api/v1/metrics', 200],
    ['ing', 'GET', '/api/v1/metrics/steps/samples', 403],
    ['ing', 'GET', '/api/v1/keys', 403],
    ['read', 'GET', '/api/v1/metrics/steps/samples', 200],
    ['read', 'GET', '/api/v1/ingestions', 200],
    ['read', 'GET', '/api/v1/keys', 403],
    ['admin', 'POST', '/api/v1/sync', 403],
    ['admin', 'GET', '/api/v1/metrics/steps/samples', 403],
    ['admin', 'GET', '/api/v1/keys', 200],
  ] as const)('%s: %s %s → %i', async (kind, method, path, expected) => {
    const body = method === 'POST' ? { body: EMPTY } : {};
    expect((await test.call(path, ada.keys[kind], { method, ...body })).status).toBe(expected);
  });
});

describe('a key is read', () => {
  it.each([
    ['from X-API-Key', (key: string) => ({ 'X-API-Key': key })],
    ['from api-key', (key: string) => ({ 'api-key': key })],
    ['with blanks around it', (key: string) => ({ Authorization: `Bearer   ${key}  ` })],
    [
      'with a zero-width space after it',
      (key: string) => ({ Authorization: Buffer.from(`Bearer ${key}\u200b`).toString('latin1') }),
    ],
    ['whatever the case of Bearer', (key: string) => ({ Authorization: `bearer ${key}` })],
  ])('%s', async (_, headers) => {
    expect((await upload(null, headers(ada.keys.ing))).status).toBe(200);
  });
});

describe('the keys of an installation', () => {
  const create = (json: object) =>
    test.call('/api/v1/keys', ada.keys.admin, {
      method: 'POST',
      body: JSON.stringify(json),
      headers: { 'Content-Type': 'application/json' },
    });

  it('are made, shown once, used, and revoked at once', async () => {
    const made = await create({ kind: 'ing', name: 'phone', requests_per_hour: 50 });
    expect(made.status).toBe(201);
    const { id, key } = made.body.data as unknown as { id: string; key: string };
    expect((await upload(key)).headers.get('ratelimit-policy')).toContain('"requests";q=50;');

    const list = await test.call('/api/v1/keys', ada.keys.admin);
    const listed = (list.body.data as unknown as { id: string }[]).find((each) => each.id === id);
    expect(listed).toMatchObject({ kind: 'ing', name: 'phone', requests_per_hour: 50 });
    expect(JSON.stringify(list.body)).not.toContain('argon2');
    expect(JSON.stringify(list.body)).not.toContain(key);

    const path = `/api/v1/keys/${id}`;
    expect((await test.call(path, ada.keys.admin, { method: 'DELETE' })).status).toBe(200);
    expect((await upload(key)).body.error).toBe('key_revoked');
  });

  it('may be for a person who is new', async () => {
    const { status } = await create({ kind: 'read', person: 'bob@example.org' });
    expect(status).toBe(201);
    const rows = await test.stack.query('select 1 from users where email = $1', [
      'bob@example.org',
    ]);
    expect(rows).toHaveLength(1);
  });

  it.each([
    [{ kind: 'root' }, '/kind'],
    [{ kind: 'ing', expires_in_days: 0 }, '/expires_in_days'],
    [{ kind: 'ing', name: 'a\u0000b' }, '/name'],
    [{ kind: 'ing', person: 'nobody' }, '/person'],
  ])('are not made from %j', async (json, pointer) => {
    const { status, body } = await create(json);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.pointer).toBe(pointer);
  });

  it('cannot be made while the cache could not be told', async () => {
    test.stack.redis.pause();
    const { status, body } = await create({ kind: 'ing' });
    test.stack.redis.resume();
    expect([status, body.error]).toEqual([503, 'cache_unavailable']);
  });

  it('that never were cannot be revoked', async () => {
    const path = `/api/v1/keys/${crypto.randomUUID()}`;
    expect((await test.call(path, ada.keys.admin, { method: 'DELETE' })).status).toBe(404);
  });
});
