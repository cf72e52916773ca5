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

const ask = async (key: string, path = RECEIPT): Promise<number> =>
  (await test.call(path, key, { headers: CARRIER })).status;

/** How many keys were hashed so far, by what the API says of itself. */
async function hashes(): Promise<number> {
  const response = await fetch(`${test.stack.url}/metrics?database=false`, {
    headers: { Authorization: `Bearer ${ada.keys.admin}` },
  });
  const [, count] = /key_checks_total\{known="nowhere"\} (\d+)/.exec(await response.text()) ?? [];
  return Number(count ?? 0);
}

/** Round trips to the database of requests since `from`, by their lines of log. */
const roundTrips = (from: number, path: string): number[] =>
  test.logs
    .slice(from)
    .filter((line) => line.includes('"message":"request"') && line.includes(path))
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
    // The admin key is hashed for it, which is counted up to a second later.
    await hashes();
    await setTimeout(1_500);
    const [before, from] = [await hashes(), test.logs.length];
    const statuses = await Promise.all(Array.from({ length: 64 }, () => ask(key)));
    expect(new Set(statuses)).toEqual(new Set([404]));

    const trips = await until(
      () => roundTrips(from, RECEIPT),
      ({ length }) => length === 64,
    );
    // The look-up of the key, and one question each.
    expect(trips.reduce((sum, each) => sum + each, 0)).toBe(64 + 1);
    expect((await until(hashes, (count) => count > before)) - before).toBe(1);
  });

  it('is taken from 64 uploads at once', async () => {
    const key = await test.newKey(ada.id, 'ing', {
      form,
      columns: { requests_per_hour: '1000000', bytes_per_hour: '1000000000' },
    });
    const body = payload(steps(...minutes(3)));
    const answers = await Promise.all(
      Array.from({ length: 64 }, () =>
        test.call('/api/v1/sync', key, { method: 'POST', body, headers: CARRIER }),
      ),
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
  const lines = () => roundTrips(from, '/api/v1/sync');
  for (const count of [1, 2, 3]) {
    await test.post(ada, payload(steps(...minutes(count))));
    await until(lines, ({ length }) => length === count);
  }
  const [first = 0, ...others] = lines();
  expect(others).toEqual([first - 1, first - 1]);
});
