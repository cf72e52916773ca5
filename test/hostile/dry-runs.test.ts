import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { payload } from '../integration/support/payloads.ts';
import { type Person, startTestStack, type TestStack } from '../integration/support/stack.ts';

/** What dry runs and old dates of one person cost another. */

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

const check = (person: Person, body: string) =>
  test.call('/api/v1/check', person.keys.ing, { method: 'POST', body });

/** One weight a month. */
const weights = (firstYear: number, months: number, salt = 0): string =>
  payload({
    name: 'weight',
    units: 'kg',
    data: Array.from({ length: months }, (_, i) => ({
      qty: 70 + salt,
      date: `${new Date(Date.UTC(firstYear, i, 3)).toISOString().slice(0, 10)} 08:00:00 +0000`,
    })),
  });

const partitions = async (): Promise<number> => {
  const [row] = await test.stack.query('select count(*) as n from partition_report');
  return Number(row?.n);
};

/** Half a century of months, as one body of 40 kB has them. */
const MONTHS = 680;

it('680 monthly weights leave at most four dozen partitions behind', async () => {
  const before = await partitions();
  const { totals } = await test.upload(mallory, weights(1970, MONTHS));
  expect(totals).toMatchObject({ inserted: MONTHS });
  expect((await partitions()) - before).toBeLessThanOrEqual(60);
});

it('a dry run of 680 months makes no partition, and no other trace', async () => {
  const before = await partitions();
  expect((await check(mallory, weights(1971, MONTHS - 12))).status).toBe(200);
  expect(await partitions()).toBe(before);
  const [row] = await test.stack.query('select count(*) as n from series where user_id = $1', [
    mallory.id,
  ]);
  expect(row?.n).toBe('0');
});

it('a key over its quota gets no dry run, and is told when', async () => {
  const eve = await test.newPerson({ requestsPerHour: 2 });
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await check(eve, weights(2026, 1)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers[2]?.body.error).toBe('quota_exceeded');
  expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
});

// The embedded database knows one connection: nobody waits for anybody in it.
const url = process.env.TEST_DATABASE_URL;

describe.runIf(url)('on a server', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: url });
    await client.connect();
  });
  afterAll(() => client.end());

  it('a person has one dry run at a time', async () => {
    await client.query(`select pg_advisory_lock(hashtext('dry run'), hashtext($1))`, [mallory.id]);
    const { status, body, headers } = await check(mallory, weights(2026, 1));
    expect([status, body.error]).toEqual([429, 'dry_run_busy']);
    expect(headers.get('retry-after')).toBe('5');
    expect((await check(ada, weights(2026, 1))).status).toBe(200);
    await client.query(`select pg_advisory_unlock(hashtext('dry run'), hashtext($1))`, [
      mallory.id,
    ]);
    expect((await check(mallory, weights(2026, 1))).status).toBe(200);
  });

  it('a dry run that would wait for a lock gives up', async () => {
    await client.query('begin');
    await client.query('select 1 from users where id = $1 for update', [mallory.id]);
    const { status, body } = await check(mallory, weights(2026, 1));
    await client.query('rollback');
    expect([status, body.error]).toEqual([429, 'dry_run_busy']);
  });

  it('a first upload into a new month waits for no dry run', async () => {
    let isOver = false;
    let runs = 0;
    const attack = async (person: Person) => {
      while (!isOver) {
        const { status } = await check(person, weights(1971, 600, runs));
        if (status === 200) runs++;
      }
    };
    const waiting: string[] = [];
    const look = async () => {
      while (!isOver) {
        const { rows } = await client.query(WAITING);
        waiting.push(...rows.map(({ query }) => String(query)));
      }
    };
    const others = [attack(mallory), attack(await test.newPerson()), look()];
    for (let year = 2015; year < 2019; year++) {
      const { totals } = await test.upload(ada, weights(year, 2));
      expect(totals.inserted).toBe(2);
    }
    isOver = true;
    await Promise.all(others);
    expect(runs).toBeGreaterThan(1);
    expect(waiting).toEqual([]);
  });
});

/** Statements of this database that wait for a lock that another holds. */
const WAITING = `
  select query from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;
