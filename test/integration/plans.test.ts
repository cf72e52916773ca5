import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Statement } from '../../src/database.ts';
import {
  type AggregateQuestion,
  aggregateDays,
  aggregateSamples,
} from '../../src/read/aggregate.ts';
import { selectSamples } from '../../src/read/samples.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** How Postgres goes about questions among many rows, as the role that asks them, inside of functions too. */

let test: TestStack;
let person: Person;
beforeAll(async () => {
  test = await startTestStack();
  person = await test.newPerson();
  await test.stack.query(
    `select ensure_partitions('samples', array['2026-01-01'::timestamptz, '2026-02-01', '2026-03-01'])`,
  );
  await test.stack.query(SERIES, [person.id]);
  await test.stack.query(SAMPLES, [person.id]);
  await test.stack.query('analyze samples, series');
  await test.stack.query(
    `select remake_days($1, metric, '2026-01-01', '2026-03-31') from (values ('step_count'), ('heart_rate')) as wanted (metric)`,
    [person.id],
  );
  await test.stack.query(OTHER_DAYS, [(await test.newPerson()).id]);
  await test.stack.query('analyze day_totals');
  await test.stack.query(LOOKS);
});
afterAll(() => test.stack.stop());

const SERIES = `
  insert into series (user_id, metric, source, grouping, context, unit, display_name)
  select $1::uuid, metric, source, 'minutes', '', unit, source
  from (values ('step_count', 'Watch', 'count'), ('step_count', 'iPhone', 'count'), ('heart_rate', 'Watch', 'count/min'))
    as wanted (metric, source, unit)`;

/** Three months of minutes. */
const SAMPLES = `
  insert into samples (series_id, recorded_at, received_at, value)
  select id, moment, now(), 60
  from series, generate_series('2026-01-01'::timestamptz, '2026-03-31', '2 minutes') as moment
  where user_id = $1`;

const OTHER_DAYS = `
  insert into day_totals (user_id, metric, day, samples, total)
  select $1::uuid, metric, day, 1, 1
  from generate_series('2000-01-01'::date, '2026-03-31', '1 day') as day, (values ('step_count'), ('heart_rate')) as wanted (metric)`;

/** Runs a question, and says how the tables were read meanwhile. */
const LOOKS = `
  create function looks(person text, asked text) returns table (how text, rows_read bigint)
  language plpgsql as $$
  begin
    create temp table before on commit drop as
      select relid, seq_scan, seq_tup_read, idx_tup_fetch from pg_stat_xact_user_tables;
    perform set_config('role', 'self_sensored_reader', true), set_config('app.person', person, true),
      set_config('random_page_cost', '1.1', true);
    execute 'select count(*) from (' || asked || ') as answer';
    perform set_config('role', 'none', true);
    return query
      -- Partitions that others have made are empty, and nothing to look up in.
      select case when after.seq_tup_read > coalesce(before.seq_tup_read, 0) then 'scan of ' || relname else 'index' end,
        coalesce(after.idx_tup_fetch, 0) + after.seq_tup_read - coalesce(before.idx_tup_fetch, 0) - coalesce(before.seq_tup_read, 0)
      from pg_stat_xact_user_tables as after
      left join before using (relid)
      where relname ~ '^(samples|day_totals)';
  end
  $$`;

/** Settings take no parameters, and neither does EXECUTE of a text: they stand in it. */
function literally({ text, params }: Statement): string {
  const literal = (index: string) => {
    const value = params[Number(index) - 1] ?? null;
    return value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`;
  };
  return text.replace(/\$(\d+)/g, (_, index: string) => literal(index));
}

async function looksOf(statement: Statement) {
  const rows = await test.stack.query('select how, rows_read from looks($1, $2)', [
    person.id,
    literally(statement),
  ]);
  return {
    scans: rows.map(({ how }) => String(how)).filter((how) => how.startsWith('scan')),
    rowsRead: rows.reduce((sum, { rows_read }) => sum + Number(rows_read), 0),
  };
}

const QUARTER = { from: { day: '2026-01-01' }, to: { day: '2026-03-31' }, zone: null };
const DAY = { from: { day: '2026-02-10' }, to: { day: '2026-02-10' }, zone: null };
const question = (asked: Partial<AggregateQuestion>): AggregateQuestion => ({
  userId: person.id,
  metrics: ['step_count'],
  span: QUARTER,
  bucket: 'day',
  aggregation: null,
  sources: null,
  groupings: null,
  fills: false,
  ...asked,
});

describe('without a scan of a partition, and without reading what is not asked for,', () => {
  const MINUTES_A_DAY = 721;

  it('a quarter of daily totals is answered from the totals', async () => {
    const { scans, rowsRead } = await looksOf(aggregateDays(question({})));
    expect(scans).toEqual([]);
    expect(rowsRead).toBeLessThanOrEqual(90);
  });

  it('months of several metrics are answered from the totals', async () => {
    const metrics = ['step_count', 'heart_rate'];
    const { scans, rowsRead } = await looksOf(
      aggregateDays(question({ metrics, bucket: 'month' })),
    );
    expect(scans).toEqual([]);
    expect(rowsRead).toBeLessThanOrEqual(180);
  });

  it('the minutes of a day are answered from its samples, of one source', async () => {
    const asked = question({ metrics: ['heart_rate'], span: DAY, bucket: 'minute' });
    const { scans, rowsRead } = await looksOf(aggregateSamples(asked));
    expect(scans).toEqual([]);
    expect(rowsRead).toBeLessThanOrEqual(MINUTES_A_DAY + 5);
  });

  it('the minutes of a day are walked over its samples, of two sources', async () => {
    const { scans, rowsRead } = await looksOf(
      aggregateSamples(question({ span: DAY, bucket: 'minute' })),
    );
    expect(scans).toEqual([]);
    expect(rowsRead).toBeLessThanOrEqual(2 * MINUTES_A_DAY + 10);
  });

  it.each([null, Date.UTC(2026, 1, 20)])('a page of samples is read, after %s', async (at) => {
    const after = at === null ? null : { at, seriesId: '0' };
    const page = selectSamples({
      userId: person.id,
      metric: 'step_count',
      span: { from: null, to: null, zone: null },
      sources: null,
      groupings: null,
      after,
      limit: 101,
    });
    const { scans, rowsRead } = await looksOf(page);
    expect(scans).toEqual([]);
    expect(rowsRead).toBeLessThanOrEqual(2 * 101 + 10);
  });
});

describe('a request', () => {
  const requestsOf = async (path: string) => {
    const { headers } = await test.call(path, person.keys.read);
    const id = headers.get('x-correlation-id');
    const line = () => test.logs.find((each) => each.includes(`"correlation_id":"${id}"`));
    await expect.poll(line).toBeDefined();
    return JSON.parse(line() ?? '{}').database_requests;
  };

  it.each([
    ['/api/v1/metrics/step_count/daily?from=2026-01-01&to=2026-03-31', 1],
    ['/api/v1/metrics/heart_rate/aggregate?bucket=minute&from=2026-02-10&to=2026-02-10', 1],
    ['/api/v1/aggregate?metrics=step_count,heart_rate&bucket=month&from=2026-01-01', 1],
    ['/api/v1/aggregate?metrics=step_count,heart_rate&bucket=month&agg=p95&from=2026-01-01', 2],
    ['/api/v1/metrics/step_count/daily?from=2026-03-01&to=2026-03-31&explain=1', 2],
    ['/api/v1/metrics/step_count/samples?limit=1000', 1],
    ['/api/v1/metrics', 1],
  ])('for %s asks the database %i time(s)', async (path, requests) => {
    // The first has the key checked.
    await requestsOf(path);
    expect(await requestsOf(path)).toBe(requests);
  });
});
