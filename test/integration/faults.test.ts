import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minutes, payload, steps } from './support/payloads.ts';
import { accounts, type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
  // The key is known from here on.
  await test.post(ada, payload());
});
afterEach(() => {
  test.stack.database.resume();
  test.stack.redis.resume();
});
afterAll(() => test.stack.stop());

describe('with the database away', () => {
  it.each([
    ['a small upload', 5],
    ['a large upload', 12_000],
  ])('%s is taken, and stored once it is back', async (_, count) => {
    test.stack.database.pause();
    const { status, body } = await test.post(ada, payload(steps(...minutes(count))));
    expect([status, body.data.status]).toEqual([202, 'queued']);
    expect(await test.archived(ada)).toContainEqual(expect.stringContaining(body.data.id));

    test.stack.database.resume();
    const receipt = await test.closed(ada, body.data.id);
    expect(receipt.status).toBe('stored');
    expect(receipt.totals).toMatchObject({ received: count, inserted: count });
    expect(await test.rows(ada)).toHaveLength(count);
  });

  it('a key that nobody remembers cannot be checked', async () => {
    const stranger = await test.newPerson();
    test.stack.database.pause();
    const { status, headers, body } = await test.post(stranger, payload());
    expect([status, body.error]).toEqual([503, 'database_unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('with the cache away', () => {
  it('uploads and questions go on, without a quota', async () => {
    test.stack.redis.pause();
    const { status, headers, body } = await test.post(ada, payload(steps(...minutes(5))));
    expect(status).toBe(200);
    expect(headers.has('ratelimit')).toBe(false);
    expect(body.data.totals.inserted).toBe(5);
    expect((await test.call('/api/v1/metrics/steps/samples', ada.keys.read)).status).toBe(200);
  });
});

describe('the same upload many times at once', () => {
  it('is stored once, and every receipt accounts for every item', async () => {
    const body = payload(steps(...minutes(12_000)));
    const answers = await Promise.all(Array.from({ length: 5 }, () => test.post(ada, body)));
    const ids = new Set(answers.map((answer) => answer.body.data.id));
    const receipts = await Promise.all([...ids].map((id) => test.closed(ada, id)));
    expect(receipts.every(accounts)).toBe(true);
    expect(receipts.reduce((sum, { totals }) => sum + totals.inserted, 0)).toBe(12_000);
    expect(await test.rows(ada)).toHaveLength(12_000);
  });
});

describe('a slice that is delivered again', () => {
  it('counts once', async () => {
    const receipt = await test.upload(ada, payload(steps(...minutes(12_000))));
    // As a queue may do: the messages of a receipt that has not closed are sent anew when its body comes again.
    await test.stack.query('update ingestions set completed_at = null where id = $1', [receipt.id]);
    const again = await test.post(ada, payload(steps(...minutes(12_000))));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.data.id).toBe(receipt.id);

    const settled = () =>
      test.logs.filter((line) => line.includes('slice loaded before') && line.includes(receipt.id))
        .length;
    for (let tries = 0; settled() < receipt.slices.total && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(settled()).toBe(receipt.slices.total);
    const { body } = await test.call(`/api/v1/ingestions/${receipt.id}`, ada.keys.read);
    expect(body.data.totals).toEqual(receipt.totals);
    expect(body.data.slices).toEqual(receipt.slices);
  });
});
