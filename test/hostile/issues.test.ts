import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AT, metric, payload, steps } from '../integration/support/payloads.ts';
import { accounts } from '../integration/support/receipts.ts';
import { type Person, startTestStack, type TestStack } from '../integration/support/stack.ts';

/** Items that cannot be stored: all are counted, few are kept, and any can be shown. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ SLICE_BYTES: '20000' });
});
afterAll(() => test.stack.stop());

const gzip = { 'Content-Encoding': 'gzip' };
const bad = (count: number) => Array.from({ length: count }, () => ({ qty: 1 }));

const kept = async (id: string) =>
  Number(
    (await test.stack.query('select count(*) as n from set_aside where ingestion_id = $1', [id]))[0]
      ?.n,
  );

const check = (person: Person, body: string, from: number) =>
  test.call(`/api/v1/check?issues_from=${from}`, person.keys.ing, { method: 'POST', body });

it('20,000 points without a date keep twenty rows, and the receipt says how many there were', async () => {
  const ada = await test.newPerson();
  const body = payload(steps(...bad(20_000), { qty: 1, date: AT }));
  const receipt = await test.upload(ada, gzipSync(body), gzip);
  expect(receipt.slices.total).toBeGreaterThan(5);
  expect(receipt.totals).toMatchObject({ received: 20_001, inserted: 1, set_aside: 20_000 });
  expect(accounts(receipt)).toBe(true);
  expect(receipt.issues_total).toBe(20_000);
  expect(receipt.issues_by_code).toEqual({ date_missing: 20_000 });
  expect(receipt.issues).toHaveLength(20);
  expect(await kept(receipt.id)).toBe(20);
});

it('many kinds in many slices, loaded at once, keep a thousand rows', async () => {
  const ada = await test.newPerson();
  const metrics = Array.from({ length: 400 }, (_, i) => metric(`name_${i}`, 'x', bad(25)));
  const receipt = await test.upload(ada, gzipSync(payload(...metrics)), gzip);
  expect(receipt.slices.total).toBeGreaterThan(5);
  expect(receipt.issues_by_code).toEqual({ date_missing: 10_000 });
  expect(receipt.issues).toHaveLength(100);
  expect(await kept(receipt.id)).toBe(1_000);
  const [most] = await test.stack.query(
    'select max(n) as n from (select count(*) as n from set_aside where ingestion_id = $1 group by metric, code) as each',
    [receipt.id],
  );
  expect(Number(most?.n)).toBeLessThanOrEqual(20);
});

it('a dry run shows any issue, wherever it is', async () => {
  const ada = await test.newPerson();
  const body = payload(steps(...bad(3_000)), metric('pain', 'x', [{ qty: 1, date: 'x' }]));
  const pointers = async (from: number) =>
    (await check(ada, body, from)).body.data.issues.map(({ pointer }) => pointer);
  expect((await pointers(0)).slice(0, 2)).toEqual([
    '/data/metrics/0/data/0',
    '/data/metrics/0/data/1',
  ]);
  const late = await pointers(2_950);
  expect(late[0]).toBe('/data/metrics/0/data/2950');
  expect(late.at(-1)).toBe('/data/metrics/1/data/0');
  expect(late).toHaveLength(51);
  const { body: answer } = await check(ada, body, 3_001);
  expect(answer.data.issues).toEqual([]);
  expect(answer.data.issues_by_code).toEqual({ date_missing: 3_000, invalid_date: 1 });
});
