import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minutes, payload, steps } from './support/payloads.ts';
import { type Answer, type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Uploads whose person nobody could look up: held in the archive, and taken in when the database answers. */

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterEach(() => {
  test.stack.database.resume();
  test.stack.redis.resume();
});
afterAll(() => test.stack.stop());

/** Everything but the archive is away, and no isolate has seen the keys of this person. */
async function inAnOutage<T>(work: () => Promise<T>): Promise<T> {
  test.stack.database.pause();
  test.stack.redis.pause();
  const result = await work();
  test.stack.database.resume();
  test.stack.redis.resume();
  return result;
}

const BODY = payload(steps(...minutes(30)));

async function heldIds(): Promise<string[]> {
  const { objects } = await (await test.archive()).list({ prefix: 'held/' });
  return objects.map(({ key }) => key.slice('held/'.length));
}

const takeIn = () => test.ring('*/10 * * * *');

async function rejected(id: string): Promise<string[]> {
  const { objects } = await (await test.archive()).list({ prefix: `rejected/${ada.id}/` });
  return objects.map(({ key }) => key).filter((key) => key.endsWith(id));
}

it('an upload of an outage is answered 202, and its receipt closes under the same id', async () => {
  const headers = { 'automation-name': 'Evening', 'automation-aggregation': 'minutes' };
  const { status, headers: answered, body } = await inAnOutage(() => test.post(ada, BODY, headers));
  expect([status, body.data.status, body.data.bytes]).toEqual([202, 'queued', BODY.length]);
  expect(answered.get('location')).toBe(`/api/v1/ingestions/${body.data.id}`);
  expect(await heldIds()).toContain(body.data.id);
  expect(await test.receipts(ada)).toBe(0);

  await takeIn();
  const receipt = await test.closed(ada, body.data.id);
  expect(receipt).toMatchObject({
    status: 'stored',
    received_at: body.data.received_at,
    sha256: body.data.sha256,
    automation: { name: 'Evening', aggregation: 'minutes' },
    totals: { received: 30, inserted: 30 },
  });
  expect(await heldIds()).toEqual([]);
});

it('taking in twice changes nothing', async () => {
  const { body } = await inAnOutage(() => test.post(ada, BODY));
  const archive = await test.archive();
  const key = `held/${body.data.id}`;
  const { objects } = await archive.list({ prefix: key, include: ['customMetadata'] });
  const bytes = await (await archive.get(key))?.arrayBuffer();
  await takeIn();
  await test.closed(ada, body.data.id);
  await archive.put(key, bytes ?? '', { customMetadata: objects[0]?.customMetadata ?? {} });
  await takeIn();
  await setTimeout(500);
  expect(await test.receipts(ada)).toBe(1);
  expect(await test.rows(ada)).toHaveLength(30);
  expect(await heldIds()).toEqual([]);
});

describe('what is held is taken as it came', () => {
  it.each<[string, () => BodyInit, Record<string, string>]>([
    ['gzip', () => gzipSync(BODY), { 'Content-Encoding': 'gzip' }],
    [
      'a form of a CSV',
      () => {
        const form = new FormData();
        const csv =
          'Date/Time,Step Count (count)\n2026-03-02 07:41:00,12\n2026-03-02 07:42:00,13\n';
        form.append('file', new File([csv], 'HealthAutoExport.csv', { type: 'text/csv' }));
        return form;
      },
      {},
    ],
    ['an upload of many slices', () => payload(steps(...minutes(20_000))), {}],
  ])('%s', async (_, bodyOf, headers) => {
    const { status, body } = await inAnOutage(() => test.post(ada, bodyOf(), headers));
    expect(status).toBe(202);
    await takeIn();
    const receipt = await test.closed(ada, body.data.id);
    expect(receipt.failure).toBeNull();
    expect(receipt.totals.received).toBeGreaterThan(1);
    expect(receipt.totals.set_aside).toBe(0);
  });
});

it('the contract of the app’s own server is kept', async () => {
  const { status } = await inAnOutage(() =>
    test.call('/api/data', null, {
      method: 'POST',
      body: BODY,
      headers: { 'api-key': ada.keys.ing },
    }),
  );
  expect(status).toBe(200);
  await takeIn();
  await expect
    .poll(() => test.rows(ada).then(({ length }) => length), { timeout: 20_000 })
    .toBe(30);
});

it('a body that is no payload has a receipt that says so', async () => {
  const { status, body } = await inAnOutage(() => test.post(ada, '{"data": oops'));
  expect(status).toBe(202);
  await takeIn();
  const receipt = await test.closed(ada, body.data.id);
  expect(receipt).toMatchObject({ status: 'failed', failure: { code: 'not_a_payload' } });
  expect(await rejected(body.data.id)).toHaveLength(1);
  expect(await heldIds()).toEqual([]);
});

it('… also if the database is away again while it is told', async () => {
  const { body } = await inAnOutage(() => test.post(ada, '{"data": oops'));
  await test.stack.query(
    `create function fall_over() returns trigger language plpgsql as
       $$ begin raise exception 'terminating' using errcode = '57P01'; end $$`,
    [],
  );
  await test.stack.query(
    'create trigger fall_over before insert on ingestions for each row execute function fall_over()',
    [],
  );
  await takeIn();
  expect(await heldIds()).toEqual([body.data.id]);
  await test.stack.query('drop function fall_over cascade', []);
  await takeIn();
  const receipt = await test.closed(ada, body.data.id);
  expect(receipt).toMatchObject({ status: 'failed', failure: { code: 'not_a_payload' } });
  expect(await rejected(body.data.id)).toHaveLength(1);
});

describe('a key', () => {
  const audited = async (id: string) =>
    test.stack.query(
      `select action, details ->> 'reason' as reason from audit_log where object = $1`,
      [id],
    );

  it.each([
    ['revoked before', 'revoked_at', '- interval', 'key_revoked'],
    ['expired before', 'expires_at', '- interval', 'key_expired'],
  ])('that was %s the upload came has it refused, on record', async (_, column, sign, reason) => {
    const { body } = await inAnOutage(() => test.post(ada, BODY));
    await test.stack.query(
      `update api_keys set ${column} = $2::timestamptz ${sign} '1 second' where user_id = $1 and kind = 'ing'`,
      [ada.id, body.data.received_at],
    );
    await takeIn();
    expect(await rejected(body.data.id)).toHaveLength(1);
    expect(await heldIds()).toEqual([]);
    expect(await audited(body.data.id)).toEqual([{ action: 'upload_refused', reason }]);
    expect(await test.receipts(ada)).toBe(0);
  });

  it('that was revoked after has it stored', async () => {
    const { body } = await inAnOutage(() => test.post(ada, BODY));
    await test.stack.query(
      `update api_keys set revoked_at = $2::timestamptz + interval '1 second' where user_id = $1 and kind = 'ing'`,
      [ada.id, body.data.received_at],
    );
    await takeIn();
    await expect
      .poll(() => test.rows(ada).then(({ length }) => length), { timeout: 20_000 })
      .toBe(30);
  });

  it('whose tag was guessed, but not its secret, has it refused', async () => {
    const { body } = await inAnOutage(() => test.post(ada, BODY));
    await test.stack.query(
      `update api_keys set seal = repeat('0', 64) where user_id = $1 and kind = 'ing'`,
      [ada.id],
    );
    await takeIn();
    expect(await audited(body.data.id)).toEqual([
      { action: 'upload_refused', reason: 'key_invalid' },
    ]);
    expect(await test.rows(ada)).toEqual([]);
  });

  it('with a checksum is asked to come again, and nothing is archived', async () => {
    const key = await test.newKey(ada.id, 'ing', { form: 'checksummed' });
    const { status, body } = await inAnOutage(() =>
      test.call('/api/v1/sync', key, { method: 'POST', body: BODY }),
    );
    expect([status, body.error]).toEqual([503, 'database_unavailable']);
    expect(await heldIds()).toEqual([]);
  });

  it.each<['read' | 'admin', string, number, string]>([
    ['read', '/api/v1/sync', 403, 'scope_missing'],
    ['read', '/api/v1/summary', 503, 'database_unavailable'],
    ['admin', '/api/v1/sync', 403, 'scope_missing'],
  ])('of kind %s is told at %s what is wrong', async (kind, path, status, error) => {
    const method = path.endsWith('sync') ? 'POST' : 'GET';
    const answer: Answer = await inAnOutage(() =>
      test.call(path, ada.keys[kind], { method, ...(method === 'POST' ? { body: BODY } : {}) }),
    );
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });
});

describe('an erased person', () => {
  it('leaves nothing that was held', async () => {
    const { body } = await inAnOutage(() => test.post(ada, BODY));
    const erase = (headers: Record<string, string> = {}) =>
      test.call('/api/v1/me', ada.keys.read, { method: 'DELETE', headers });
    const { confirm } = (await erase()).body.data as unknown as { confirm: string };
    await erase({ 'X-Confirm': confirm });
    await expect.poll(heldIds, { timeout: 20_000 }).not.toContain(body.data.id);
  });
});
