import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/database.ts';
import { ask } from '../integration/support/ask.ts';
import { metric, payload } from '../integration/support/payloads.ts';
import { type Person, startTestStack, type TestStack } from '../integration/support/stack.ts';

/** Metrics that the catalogue does not have: what one person names them is no other person's concern. */

let test: TestStack;
let ada: Person;
let mallory: Person;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());
beforeEach(async () => {
  ada = await test.newPerson();
  mallory = await test.newPerson();
});

const point = (qty: number, time = '09:00:00') => ({
  qty,
  date: `2026-03-02 ${time} +0100`,
  source: 'Watch',
});
const minutes = { 'automation-aggregation': 'Minutes' };
const send = (person: Person, ...metrics: unknown[]) =>
  test.upload(person, payload(...metrics), minutes);

async function daily(person: Person, name: string) {
  const { rows } = await ask(
    test,
    person,
    `/api/v1/metrics/${name}/daily?from=2026-03-02&to=2026-03-02`,
  );
  return rows.map(({ value, unit }) => ({ value, unit }));
}

async function unitInCatalogue(person: Person, name: string) {
  const { rows } = await ask(test, person, '/api/v1/metrics');
  return rows.find((each) => each.name === name)?.unit;
}

it('a unit that another person has sent before decides nothing', async () => {
  await send(mallory, metric('pain', 'zz', [point(1)]));
  await send(ada, metric('pain', 'points', [point(5)]), metric('pain', 'zz', [point(900)]));
  expect(await daily(ada, 'pain')).toEqual([{ value: 5, unit: 'points' }]);
});

it('the unit that a person sends first counts, whatever comes later', async () => {
  await send(ada, metric('pain', 'points', [point(5)]));
  await send(mallory, metric('pain', 'aa', [point(1)]));
  await send(ada, metric('pain', 'aa', [point(900, '10:00:00')]));
  expect(await daily(ada, 'pain')).toEqual([{ value: 5, unit: 'points' }]);
  expect(await unitInCatalogue(ada, 'pain')).toBe('points');
  expect(await daily(mallory, 'pain')).toEqual([{ value: 1, unit: 'aa' }]);
});

it('values of a metric without a kind are averaged, also where two sources tell of a day', async () => {
  await send(ada, metric('pain', 'points', [point(4), { ...point(6), source: 'Phone' }]));
  await send(ada, metric('pain', 'points', [{ ...point(8), source: 'Phone' }]));
  expect(await daily(ada, 'pain')).toEqual([{ value: 6, unit: 'points' }]);
});

it('an erasure leaves no name of a metric behind', async () => {
  const name = `viral_load_${crypto.randomUUID().replaceAll('-', '_')}`;
  await send(ada, metric(name, 'copies/mL', [point(40)]));
  const erase = async (body: Record<string, string>) => {
    const { body: answer } = await test.call('/api/v1/me', ada.keys.read, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.data as unknown as Record<string, string>;
  };
  const { confirm = '' } = await erase({});
  expect(await erase({ confirm })).toMatchObject({ status: 'done' });
  expect(await tablesWith(name)).toEqual([]);
});

async function tablesWith(text: string): Promise<string[]> {
  const tables = await test.stack.query(
    `select format('%I.%I', nspname, relname) as name
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relkind = 'r' and nspname in ('public', 'retired')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const sql = `select 1 from ${name} as t where strpos(t::text, $1) > 0 limit 1`;
    if ((await test.stack.query(sql, [text])).length > 0) found.push(String(name));
  }
  return found;
}

it('no upload adds to a table that people share', async () => {
  const count = async () => (await test.stack.query('select count(*) as n from metrics'))[0]?.n;
  const before = await count();
  const names = Array.from({ length: 50 }, (_, i) => metric(`made_up_${i}`, 'x', [point(i)]));
  await send(mallory, ...names);
  expect(await count()).toBe(before);
});

it('the role of a reader sees the names of one person, and the catalogue', async () => {
  await send(mallory, metric('secret_of_mallory', 'x', [point(1)]));
  await send(ada, metric('secret_of_ada', 'x', [point(1)]));
  const database = openDatabase({
    DATABASE_URL: 'postgres://local:local@db.local/local',
    NEON_ENDPOINT: test.stack.neonEndpoint,
    ENVIRONMENT: 'local',
  });
  const rows = await database.queryAs(ada.id, {
    text: 'select metric as name from series union select name from metrics',
    params: [],
  });
  const names = rows.map(({ name }) => String(name));
  expect(names).toEqual(expect.arrayContaining(['secret_of_ada', 'step_count']));
  expect(names).not.toContain('secret_of_mallory');
});
