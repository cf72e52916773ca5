import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Many requests at once, from one address, with keys that no isolate has seen. */

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterAll(() => test.stack.stop());

const CARRIER = { 'CF-Connecting-IP': '198.51.100.7' };
/** Asks the database once, beside what the key costs. */
const RECEIPT = '/api/v1/ingestions/00000000-0000-7000-8000-000000000000';
const RECEIPT_ENDPOINT = 'GET /api/v1/ingestions/:id';

const call = (path: string, key: string, init: RequestInit = {}) =>
  test.call(path, key, { ...init, headers: CARRIER });

const ask = async (key: string, path = RECEIPT): Promise<number> => (await call(path, key)).status;

/** Round trips to the database of requests since `from`, by their lines of log. */
const roundTrips = (from: number, endpoint: string): number[] =>
  test.logs
    .slice(from)
    .filter((line) => line.includes('"message":"request"') && line.includes(`"${endpoint}"`))
    .map((line) => JSON.parse(line).database_requests);

async function until<T>(read: () => Promise<T> | T, isIt: (value: T) => boolean): Promise<T> {
  let value = await read();
  for (const end = Date.now() + 10_000; !isIt(value) && Date.now() < end; await setTimeout(50)) {
    value = await read();
  }
  return value;
}

describe.each(['tagged', 'checksummed'] as const)('a cold key that is %s', (form) => {
  it('is verified once for 64 requests at once, and none of them is refused', async () => {
    const key = await test.newKey(ada.id, 'ing', { form });
    const from = test.logs.length;
    const statuses = await Promise.all(Array.from({ length: 64 }, () => ask(key)));
    expect(new Set(statuses)).toEqual(new Set([404]));

    const trips = await until(
      () => roundTrips(from, RECEIPT_ENDPOINT),
      ({ length }) => length === 64,
    );
    // One question each, and one look-up of the key, without which none is hashed.
    expect(trips.reduce((sum, each) => sum + each, 0)).toBe(64 + 1);
  });

  it('is taken from 64 uploads at once', async () => {
    const key = await test.newKey(ada.id, 'ing', {
      form,
      columns: { requests_per_hour: '1000000', bytes_per_hour: '1000000000' },
    });
    const body = payload(steps(...minutes(3)));
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => call('/api/v1/sync', key, { method: 'POST', body })),
    );
    expect(new Set(answers.map(({ body }) => body.success))).toEqual(new Set([true]));
  });
});

it('a dashboard of 30 panels opens with a cold key', async () => {
  const columns = { requests_per_hour: '1000000' };
  const key = await test.newKey(ada.id, 'read', { columns });
  const panels = Array.from({ length: 30 }, (_, i) =>
    ask(key, `/api/v1/metrics/step_count/samples?limit=${i + 1}`),
  );
  expect(new Set(await Promise.all(panels))).toEqual(new Set([200]));
});

it('200 phones behind one address are not each other’s limit', async () => {
  const phones = await Promise.all(Array.from({ length: 200 }, () => test.newKey(ada.id, 'ing')));
  const statuses = await Promise.all(phones.map((key) => ask(key)));
  expect(new Set(statuses)).toEqual(new Set([404]));
});

it('an upload with a key that was verified costs no look-up', async () => {
  const from = test.logs.length;
  const lines = () => roundTrips(from, 'POST /api/v1/sync');
  for (const count of [1, 2, 3]) {
    await call('/api/v1/sync', ada.keys.ing, {
      method: 'POST',
      body: payload(steps(...minutes(count))),
    });
    await until(lines, ({ length }) => length === count);
  }
  const [first = 0, ...others] = lines();
  expect(others).toEqual([first - 1, first - 1]);
});
