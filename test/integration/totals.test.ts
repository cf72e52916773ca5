import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Statement } from '../../src/database.ts';
import {
  CHECK_TOTALS,
  remakeStretch,
  selectStaleStretch,
  toStaleStretch,
} from '../../src/store/stale-metrics.ts';
import { metric, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Totals of days stay those of their samples, whatever happens to these. */

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterAll(() => test.stack.stop());

const at = (time: string, qty: number, source = 'Watch') => ({
  qty,
  date: `${time} +0100`,
  source,
});
const send = (grouping: string, ...metrics: unknown[]) =>
  test.upload(ada, payload(...metrics), { 'automation-aggregation': grouping });

const run = ({ text, params }: Statement) =>
  test.stack.query(
    text,
    params.map((param) => (param === null ? null : String(param))) as string[],
  );
const totals = async () =>
  (
    await test.stack.query(
      'select day, samples, total from day_totals where user_id = $1 order by metric, day',
      [ada.id],
    )
  ).map(({ day, samples, total }) => [day, Number(samples), Number(total)]);
const stale = async () =>
  (await test.stack.query('select metric from stale_metrics where user_id = $1', [ada.id])).map(
    ({ metric }) => metric,
  );

it('a day that has become less is told by the grouping that covers it now', async () => {
  await send('Hours', steps(at('2026-03-02 09:00:00', 160)));
  const minutes = [at('2026-03-02 09:00:00', 100), at('2026-03-02 09:02:00', 1)];
  await send('Minutes', steps(...minutes, at('2026-03-02 09:01:00', 60)));
  expect(await totals()).toEqual([['2026-03-02', 3, 161]]);
  await send('Minutes', steps(at('2026-03-02 09:01:00', 20)));
  expect(await totals()).toEqual([['2026-03-02', 1, 160]]);
});

it('a day that is loaded while the others are made anew stays', async () => {
  await send('Minutes', steps(at('2026-03-02 09:00:00', 100)));
  await test.stack.query('insert into stale_metrics (user_id, metric) values ($1, $2)', [
    ada.id,
    'step_count',
  ]);
  const [stretch] = await run(selectStaleStretch(ada.id, 0));
  await send('Minutes', steps(at('2026-03-09 09:00:00', 200), at('2026-03-09 09:01:00', 300)));
  for (const statement of remakeStretch(ada.id, toStaleStretch({ ...stretch, is_end: true })))
    await run(statement);
  expect(await totals()).toEqual([
    ['2026-03-02', 1, 100],
    ['2026-03-09', 2, 500],
  ]);
  expect(await stale()).toEqual([]);
});

it('a metric that comes in a second unit is counted anew', async () => {
  await send('Minutes', metric('body_mass', 'furlong', [at('2026-03-02 09:00:00', 7)]));
  expect(await stale()).toEqual([]);
  await send('Minutes', metric('body_mass', 'kg', [at('2026-03-05 09:00:00', 80)]));
  expect(await stale()).toEqual(['weight_body_mass']);
});

it('a day of very many sources does not slow a load down: the clock counts it', async () => {
  const sources = Array.from({ length: 9 }, (_, i) => `Source ${String(i).padStart(3, '0')}`);
  const points = sources.map((source) => at('2026-03-02 09:00:00', 7, source));
  await send('Minutes', steps(...points));
  await send('Minutes', steps(at('2026-03-02 09:00:00', 7, 'Source 000 once more')));
  expect(await stale()).toEqual(['step_count']);
  await test.ring('17 * * * *');
  await expect.poll(stale, { timeout: 20_000 }).toEqual([]);
  expect(await totals()).toEqual([['2026-03-02', 1, 7]]);
});

it.each([
  ['a total that is wrong', 'update day_totals set total = total + 1 where user_id = $1'],
  ['a day that has none', 'delete from day_totals where user_id = $1'],
])('the check finds %s, and has the metric made anew', async (_, spoil) => {
  await send('Minutes', steps(at('2026-03-02 09:00:00', 100)));
  await test.stack.query(spoil, [ada.id]);
  // By chance, since others have many days.
  for (let tries = 0; tries < 300 && (await stale()).length === 0; tries++) await run(CHECK_TOTALS);
  expect(await stale()).toEqual(['step_count']);
  await test.ring('17 * * * *');
  await expect.poll(stale, { timeout: 20_000 }).toEqual([]);
  expect(await totals()).toEqual([['2026-03-02', 1, 100]]);
});
