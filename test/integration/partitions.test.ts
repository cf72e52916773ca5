import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PARTITIONED_TABLES } from '../../src/store/partitions.ts';
import { metric, minutes, payload, steps } from './support/payloads.ts';
import { accounts } from './support/receipts.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterAll(async () => {
  await test.stack.query('update partitioned_tables set keep = null');
  await test.stack.stop();
});

const NIGHTLY = '43 3 * * *';
/** Of one table and load, as in migrations/0019. */
const MAX_NEW_MONTHS = 36;

const partitionsOf = async (table: string): Promise<string[]> => {
  const rows = await test.stack.query(
    'select partition from partition_report where table_name = $1 order by 1',
    [table],
  );
  return rows.map(({ partition }) => String(partition));
};

it('the tables that the code knows are those of the database', async () => {
  const rows = await test.stack.query('select name from partitioned_tables order by 1');
  expect(rows.map(({ name }) => name)).toEqual([...PARTITIONED_TABLES].sort());
});

it('are made ahead by the clock, and again changes nothing', async () => {
  await test.ring(NIGHTLY);
  const now = new Date();
  const months = [0, 1, 2].map((ahead) => {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
    return first.toISOString().slice(0, 7).replace('-', '_');
  });
  const widths = await test.stack.query('select name, width from partitioned_tables');
  for (const { name, width } of widths) {
    const wanted = months.map((month) => `${name}_${width === 'year' ? month.slice(0, 4) : month}`);
    expect(await partitionsOf(String(name))).toEqual(expect.arrayContaining(wanted));
  }
  const all = 'select partition from partition_report order by 1';
  const before = await test.stack.query(all);
  await test.ring(NIGHTLY);
  expect(await test.stack.query(all)).toEqual(before);
});

describe('twenty uploads at once', () => {
  /** One point a month over ten years. */
  const history = (source: string) =>
    Array.from({ length: 120 }, (_, i) => ({
      qty: i,
      date: new Date(Date.UTC(2014, i, 1)).toISOString(),
      source,
    }));

  it('that all miss the same ten years make each partition once, and lose nothing', async () => {
    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        test.upload(ada, payload(steps(...history(`Watch ${i}`)))),
      ),
    );
    expect(receipts.every(accounts)).toBe(true);
    expect(receipts.map(({ totals }) => totals.inserted)).toEqual(Array(20).fill(120));
    expect(await test.rows(ada)).toHaveLength(2_400);
    const [decade] = await test.stack.query(
      `select count(distinct partition) as partitions, count(*) as months
       from generate_series('2014-01-01'::timestamptz, '2023-12-01', '1 month') as month
       join partition_report on table_name = 'samples' and lower_bound <= month and upper_bound > month`,
    );
    expect(decade?.months).toBe('120');
    expect(Number(decade?.partitions)).toBeLessThanOrEqual(MAX_NEW_MONTHS + 10);
  });
});

describe('retention', () => {
  const keep = (table: string, span: string) =>
    test.stack.query('update partitioned_tables set keep = $2::interval where name = $1', [
      table,
      span,
    ]);
  const old = (count: number) =>
    steps(
      ...Array.from({ length: count }, (_, i) => ({
        qty: i,
        date: `1985-06-15 10:0${i}:00 +0000`,
        source: 'Watch',
      })),
    );

  /** Puts the receipt of the one upload down once more, as one of long ago. It adds up, for other files look for those that do not. */
  async function receiveAgain(at: string): Promise<void> {
    const [{ id } = {}] = await test.stack.query('select id from ingestions where user_id = $1', [
      ada.id,
    ]);
    for (const [table, key] of [
      ['ingestions', 'id'],
      ['ingestion_slices', 'ingestion_id'],
    ]) {
      await test.stack.query(
        `insert into ${table} select again.* from ${table} as each, jsonb_populate_record(null::${table},
           to_jsonb(each) || jsonb_build_object('received_at', $2::text)) as again
         where each.${key} = $1`,
        [String(id), at],
      );
    }
  }

  it('takes away what is older, keeps it readable, and leaves the raw body', async () => {
    await test.upload(ada, payload(old(5), steps(...minutes(5))));
    await keep('samples', '100 months');
    await test.ring(NIGHTLY);
    await keep('samples', '100 years');

    expect(await partitionsOf('samples')).not.toContain('samples_before_2014');
    expect(await partitionsOf('samples')).toContain('samples_2026_03');
    expect(await test.rows(ada)).toHaveLength(5);
    // The newest: another file may have retired one of that name before.
    const [retired] = await test.stack.query(
      `select oid::regclass::text as partition from pg_class
       where relname like 'samples_before_2014%' and relkind = 'r' and relnamespace = 'retired'::regnamespace
       order by oid desc limit 1`,
    );
    const [kept] = await test.stack.query(
      `select count(*) as n from ${retired?.partition} join series on id = series_id where user_id = $1`,
      [ada.id],
    );
    expect(kept?.n).toBe('5');
    expect(await test.archived(ada)).toHaveLength(1);
  });

  it('does not stand in the way of what comes later for the same time', async () => {
    const { totals } = await test.upload(ada, payload(old(3)));
    expect(totals.inserted).toBe(3);
    await keep('samples', '100 months');
    await test.ring(NIGHTLY);
    await keep('samples', '100 years');
    const rows = await test.stack.query(
      `select relname from pg_class where relname like 'samples_before_2014%' and relkind = 'r'
       and relnamespace = 'retired'::regnamespace`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(2);
  });

  it('of receipts takes along what hangs on them', async () => {
    await test.upload(ada, payload(steps(...minutes(5))));
    await test.stack.query(
      `select ensure_partitions(name, array['1984-01-15'::timestamptz])
       from unnest(array['ingestions', 'ingestion_slices', 'set_aside', 'audit_log']) as name`,
    );
    await receiveAgain('1984-01-15T00:00:00Z');
    await keep('ingestions', '20 years');
    await test.ring(NIGHTLY);
    await keep('ingestions', '100 years');
    for (const table of ['ingestions', 'ingestion_slices', 'set_aside']) {
      expect(await partitionsOf(table)).not.toContain(`${table}_1984_01`);
    }
    const [kept] = await test.stack.query(
      'select count(*) as n from retired.ingestion_slices_1984_01',
    );
    expect(kept?.n).toBe('1');
  });

  it('leaves receipts that kept rows refer to, and goes on with the others', async () => {
    await test.stack.query(
      `select ensure_partitions(name, array['1983-01-15'::timestamptz])
       from unnest(array['ingestions', 'ingestion_slices', 'set_aside', 'events']) as name`,
    );
    await test.upload(ada, payload(steps(...minutes(1))));
    await receiveAgain('1983-01-15T00:00:00Z');
    await keep('ingestions', '20 years');
    await keep('ingestion_slices', '100 years');
    await keep('events', '12 years');
    const outcomes = await test.stack.query(
      `select partition, outcome from retire_partitions() where partition like '%1983%' or partition = 'events_before_2014'`,
    );
    await test.stack.query('update partitioned_tables set keep = null');
    expect(Object.fromEntries(outcomes.map((row) => [row.partition, row.outcome]))).toEqual({
      ingestions_1983_01: 'left: other rows refer to it',
      set_aside_1983_01: 'retired as retired.set_aside_1983_01',
      events_before_2014: 'retired as retired.events_before_2014',
    });
    expect(await partitionsOf('ingestions')).toContain('ingestions_1983_01');
  });
});

// The embedded database knows one connection, and only the Workers reach it.
const url = process.env.TEST_DATABASE_URL;

describe.runIf(url)('on a server', () => {
  const command = async (...args: string[]): Promise<{ code: number; said: string }> => {
    const env = { ...process.env, DATABASE_URL: url };
    const run = promisify(execFile)(
      process.execPath,
      ['--no-warnings', 'local/partitions.ts', ...args],
      { env },
    );
    return run.then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      ({ code, stderr }) => ({ code, said: stderr }),
    );
  };
  const kept = async () => {
    const rows = await test.stack.query(
      `select keep::text as keep from partitioned_tables where name = 'samples'`,
    );
    return rows[0]?.keep ?? null;
  };

  it('a partition in use is left, and goes another night', async () => {
    await test.stack.query(
      `select ensure_partitions('workout_samples', array['2014-01-15'::timestamptz])`,
    );
    await test.stack.query(
      `update partitioned_tables set keep = '12 years' where name = 'workout_samples'`,
    );
    const retire = () =>
      test.stack.query(
        `select outcome from retire_partitions('2026-03-01') where partition = 'workout_samples_2014_01'`,
      );
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    await reader.query('begin');
    await reader.query('select count(*) from workout_samples');
    expect(await retire()).toEqual([{ outcome: expect.stringMatching(/^left: .* in use$/) }]);
    await reader.end();
    expect(await retire()).toEqual([{ outcome: 'retired as retired.workout_samples_2014_01' }]);
    await test.stack.query('update partitioned_tables set keep = null');
  });

  it('the command keeps for the span it is told', async () => {
    expect((await command('keep', 'samples', '24 months', '--yes')).said).toContain('for 2 years');
    expect(await kept()).toBe('2 years');
    await command('keep', 'samples', 'forever');
    expect(await kept()).toBeNull();
  });

  it.each([
    ['24', 'shorter than a day'],
    ['0 days', 'shorter than a day'],
    ['ages', 'no span'],
  ])('the command refuses to keep for %j, and changes nothing', async (span, reason) => {
    const { code, said } = await command('keep', 'samples', span);
    expect(code).toBe(1);
    expect(said).toContain(reason);
    expect(await kept()).toBeNull();
  });

  it('the command names the tables there are, to whoever misspells one', async () => {
    const { code, said } = await command('keep', 'sample', '24 months');
    expect(code).toBe(1);
    expect(said).toContain(PARTITIONED_TABLES.join(', '));
  });

  it('the command does nothing that is hard to undo where nobody can be asked', async () => {
    for (const args of [['keep', 'samples', '24 months'], ['retire']]) {
      const { code, said } = await command(...args);
      expect([code, said]).toEqual([1, expect.stringContaining('Nothing was done: add --yes')]);
    }
  });

  it('the command tells what would be retired, and leaves it', async () => {
    await test.stack.query(
      `select ensure_partitions('workout_samples', array['2014-03-15'::timestamptz])`,
    );
    await command('keep', 'workout_samples', '12 years', '--yes');
    const { said } = await command('retire', '--dry-run');
    await command('keep', 'workout_samples', 'forever');
    expect(said).toContain('workout_samples_2014_03: would be retired as');
    expect(await partitionsOf('workout_samples')).toContain('workout_samples_2014_03');
  });
});

interface Reported {
  partition: string;
  from: string;
  to: string;
  rows: number;
  bytes: number;
  kept_until: string | null;
}

/** Page by page: other tests may have made many. */
async function findPartition(name: string): Promise<Reported | undefined> {
  for (let page = 1; ; page++) {
    const path = `/api/v1/admin/partitions?table=samples&per_page=100&page=${page}`;
    const { body } = await test.call(path, ada.keys.admin);
    const all = body.data as unknown as Reported[];
    const found = all.find(({ partition }) => partition === name);
    if (found !== undefined || all.length === 0) return found;
  }
}

describe('the report', () => {
  it('knows spans, sizes and rows', async () => {
    await test.upload(ada, payload(metric('step_count', 'count', minutes(500))));
    await test.stack.query('analyze samples');
    const march = await findPartition('samples_2026_03');
    const [counted] = await test.stack.query('select count(*) as n from samples_2026_03');
    expect(march).toMatchObject({
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-04-01T00:00:00.000Z',
      rows: Number(counted?.n),
    });
    expect(march?.bytes).toBeGreaterThan(0);
  });

  it('keeps what hangs on a receipt as long as the receipt', async () => {
    await test.upload(ada, payload(metric('step_count', 'count', minutes(5))));
    await test.stack.query(
      "update partitioned_tables set keep = '10 years' where name = 'ingestions'",
    );
    const rows = await test.stack.query(
      "select kept_until - upper_bound as keep from partition_report where table_name = 'ingestion_slices'",
    );
    await test.stack.query("update partitioned_tables set keep = null where name = 'ingestions'");
    expect(rows.length).toBeGreaterThan(0);
    for (const { keep } of rows) expect(keep).not.toBeNull();
  });
});
