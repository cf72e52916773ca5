import { afterAll, beforeAll, expect, it } from 'vitest';
import { AT, minutes, payload, steps } from './support/payloads.ts';
import { accounts } from './support/receipts.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** The dry run. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ SLICE_BYTES: '2000', MAX_CHECK_BYTES: '100000' });
});
afterAll(() => test.stack.stop());

const check = (person: Person, body: string) =>
  test.call('/api/v1/check', person.keys.ing, { method: 'POST', body });

it('answers with the receipt that the payload would get, and stores nothing', async () => {
  const ada = await test.newPerson();
  await test.upload(ada, payload(steps({ qty: 1, date: AT })));
  const rows = await test.rows(ada);
  const body = payload(
    steps({ qty: 2, date: AT }, { qty: 5, date: '2031-03-02 07:41:00 +0100' }),
    steps({ qty: 3, date: '2026-03-02 07:42:00 +0100', mood: 'fine' }),
  );
  const answer = await check(ada, body);
  expect(answer.status).toBe(200);
  expect(answer.body.data).toMatchObject({
    status: 'stored_with_issues',
    totals: { received: 3, inserted: 1, updated: 1, unchanged: 0, set_aside: 1 },
    unknown_fields: { metrics: { mood: 1 } },
    issues: [{ pointer: '/data/metrics/0/data/1', code: 'implausible_date' }],
  });
  expect(await test.rows(ada)).toEqual(rows);
  expect(await test.archived(ada)).toHaveLength(1);
  expect(await test.receipts(ada)).toBe(1);

  const real = await test.upload(ada, body);
  expect(real.totals).toEqual(answer.body.data.totals);
  expect(real.metrics).toEqual(answer.body.data.metrics);
});

it('counts a payload of several slices as a whole', async () => {
  const ada = await test.newPerson();
  const { body } = await check(ada, payload(steps(...minutes(500))));
  expect(body.data.slices.total).toBeGreaterThan(3);
  expect(body.data.totals).toMatchObject({ received: 500, inserted: 500 });
  expect(accounts(body.data)).toBe(true);
  expect(await test.rows(ada)).toEqual([]);
});

it('refuses what an upload would be refused for', async () => {
  const ada = await test.newPerson();
  expect((await check(ada, '{"data":')).body.error).toBe('invalid_json');
  expect((await check(ada, '{}')).body.error).toBe('no_payload');
});

it('is for payloads of a size that one transaction can hold', async () => {
  const ada = await test.newPerson();
  const { status, body } = await check(ada, payload(steps(...minutes(5_000))));
  expect([status, body.error]).toEqual([413, 'body_too_large']);
});
