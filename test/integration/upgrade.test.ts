import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedPostgres } from '../../local/stack/embedded-postgres.ts';
import type { SqlBackend } from '../../local/stack/sql-backend.ts';
import { migrate } from '../../migrations/run.ts';
import { selectReceipt, toReceipt } from '../../src/store/find-receipts.ts';

/** A database that a former release has filled, as the present one finds it. */

let postgres: SqlBackend;

const query = async (sql: string, params: string[] = []) => {
  const result = await postgres.run({ query: sql, params });
  return result.rows.map((row) =>
    Object.fromEntries(result.fields.map(({ name }, i) => [name, row[i] ?? null])),
  );
};

const ADA = '00000000-0000-4000-8000-00000000000a';
const MALLORY = '00000000-0000-4000-8000-00000000000b';
const KEY = '00000000-0000-4000-8000-00000000000c';
const UPLOAD = '019cabd8-3800-7000-8000-000000000000';

/** Migrations up to release 0.4.0. */
async function migrateFormer(): Promise<void> {
  const folder = new URL('../../migrations/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql') && name < '0018');
  await postgres.exec(
    'create table schema_migrations (name text primary key, sha256 text not null, applied_at timestamptz default now())',
  );
  for (const name of names.sort()) {
    const sql = readFileSync(new URL(name, folder), 'utf8');
    await postgres.exec(sql);
    await query(`insert into schema_migrations values ($1, encode(sha256($2::bytea), 'hex'))`, [
      name,
      `\\x${Buffer.from(sql).toString('hex')}`,
    ]);
  }
}

beforeAll(async () => {
  postgres = await openEmbeddedPostgres('memory://');
  await migrateFormer();
  await postgres.exec(`
    insert into metrics values
      ('step_count', 'Steps', 'activity', 'sum', 'count'),
      ('pain', 'pain', 'other', 'unknown', 'zz'),
      ('mood', 'mood', 'other', 'unknown', 'points');
    insert into users (id, email, time_zone) values
      ('${ADA}', 'ada@example.org', 'Europe/Vienna'), ('${MALLORY}', 'mallory@example.org', 'Europe/Vienna');
    insert into series (user_id, metric, source, grouping, context, unit, display_name) values
      ('${MALLORY}', 'pain', '', 'minutes', '', 'zz', ''),
      ('${ADA}', 'pain', '', 'minutes', '', 'points', ''),
      ('${ADA}', 'pain', '', 'minutes', '', 'zz', ''),
      ('${ADA}', 'mood', '', 'minutes', '', 'points', ''),
      ('${ADA}', 'mood', '', 'minutes', '', 'zz', ''),
      ('${ADA}', 'step_count', '', 'minutes', '', 'count', '');
    delete from stale_metrics;
    insert into api_keys (id, user_id, kind, lookup, secret_hash) values ('${KEY}', '${ADA}', 'ing', 'abcdefghijkl', '');
    select ensure_partitions(name, array['2026-03-02T00:00:00Z'::timestamptz])
    from unnest(array['ingestions', 'ingestion_slices', 'set_aside']) as name;
    insert into ingestions (
      id, received_at, user_id, key_id, correlation_id, bytes, sha256, raw_key, automation, status, slices_total,
      slices_loaded, issues_total, said_at, cut, completed_at)
    values ('${UPLOAD}', '2026-03-02Z', '${ADA}', '${KEY}', 'c', 1, 's', 'r', '{}', 'stored_with_issues', 1, 1, 3,
      '2026-03-02Z', '', '2026-03-02Z');
    insert into ingestion_slices (ingestion_id, received_at, slice, counts, loaded_at)
    values ('${UPLOAD}', '2026-03-02Z', 0,
      '{"step_count": {"received": 9, "inserted": 3, "updated": 2, "unchanged": 1, "set_aside": 3}}', '2026-03-02Z');
    insert into set_aside (ingestion_id, received_at, slice, ordinal, metric, pointer, code, message)
    select '${UPLOAD}', '2026-03-02Z', 0, i, 'step_count', '/' || i, case i when 0 then 'invalid_date' else 'date_missing' end, ''
    from generate_series(0, 2) as i;
    select ensure_partitions('samples', array['1990-01-15'::timestamptz, '2016-05-15']);
    select ensure_partitions('workout_samples', array['2016-05-15'::timestamptz]);
    select ensure_partitions('workouts', array['2016-05-15'::timestamptz]);
    insert into samples (series_id, recorded_at, received_at, value)
    select id, recorded_at, now(), 1
    from series, unnest(array['1990-01-15Z'::timestamptz, '2016-05-15Z']) as recorded_at
    where metric = 'step_count';
    insert into workouts (user_id, external_id, started_at, received_at, name, version, source, attributes, fingerprint)
    values ('${ADA}', 'W', '2016-05-15Z', now(), 'Walk', 2, '', '{}', 1);
    insert into workout_series (workout_id, series_id, received_at, points, fingerprint)
    select workouts.id, series.id, now(), 3, 1 from workouts, series where metric = 'step_count';
    insert into workout_samples (workout_id, series_id, recorded_at, value)
    select workout_id, series_id, recorded_at, 1
    from workout_series, unnest(array['2016-05-15 10:00Z'::timestamptz, '2016-05-15 10:01Z', '2016-05-15 10:07Z']) as recorded_at`);
  await migrate({ exec: (sql) => postgres.exec(sql), query });
});
afterAll(() => postgres.close());

it('names that the catalogue does not have leave the table that people share', async () => {
  const names = (await query('select name from metrics')).map(({ name }) => name);
  expect(names).toContain('step_count');
  expect(names).not.toContain('pain');
  expect(names).not.toContain('mood');
});

it('totals are stale where another unit counts now, and nowhere else', async () => {
  expect(await query('select user_id, metric from stale_metrics')).toEqual([
    { user_id: ADA, metric: 'pain' },
  ]);
  const units = await query(
    `select effective_unit($1::uuid, 'pain') as pain, effective_unit($1::uuid, 'mood') as mood`,
    [ADA],
  );
  expect(units).toEqual([{ pain: 'points', mood: 'points' }]);
});

it('names that a former release still registers are not kept', async () => {
  await postgres.exec(`insert into metrics values ('late', 'late', 'other', 'unknown', 'x')`);
  expect(await query(`select 1 from metrics where name = 'late'`)).toEqual([]);
});

async function readReceipt() {
  const { text, params } = selectReceipt(UPLOAD, ADA, null);
  const [row] = await query(text, params as string[]);
  const parsed = Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [
      name,
      /^[[{]/.test(value ?? '') ? JSON.parse(value ?? '') : value,
    ]),
  );
  return toReceipt(parsed);
}

it('a receipt of a former release reads as it did, with its issues by code', async () => {
  const receipt = await readReceipt();
  const counts = { received: 9, inserted: 3, updated: 2, unchanged: 1, set_aside: 3 };
  expect(receipt.metrics).toEqual({ step_count: counts });
  expect(receipt.totals).toEqual(counts);
  expect(receipt.issues_by_code).toEqual({ invalid_date: 1, date_missing: 2 });
});

it('months that a former release has made stay, with their rows; what is missing around them is shared', async () => {
  await query(
    `select ensure_partitions('samples', array['1980-01-15'::timestamptz, '1990-01-20', '1995-07-15', '2016-05-20'])`,
  );
  const partitions = await query(
    `select partition from partition_report where table_name = 'samples' order by lower_bound`,
  );
  expect(partitions.map(({ partition }) => partition)).toEqual([
    'samples_1970_01_to_1989_12',
    'samples_1990_01',
    'samples_1990_02_to_2013_12',
    'samples_2016_05',
  ]);
  expect(await query('select count(*) as n from samples')).toEqual([{ n: '2' }]);
});

/** As a fuller record of the same series does. */
async function removeReplaced(fuller: { points: number; fingerprint: number }): Promise<void> {
  const series = {
    metric: 'step_count',
    source: '',
    grouping: 'minutes',
    context: '',
    unit: 'count',
  };
  await query('select remove_replaced_points($1::uuid, $2::jsonb, now())', [
    ADA,
    JSON.stringify([{ external_id: 'W', ...fuller, ...series }]),
  ]);
}

it('the series of a workout know where their points are, so that a fuller record replaces them', async () => {
  const spans = await query(
    `select extract(epoch from last_at - first_at)::int as seconds from workout_series`,
  );
  expect(spans).toEqual([{ seconds: '420' }]);
  await removeReplaced({ points: 4, fingerprint: 2 });
  expect(await query('select 1 from workout_samples')).toEqual([]);
});

it('issues of a slice that a former release loads after the migration are counted by code', async () => {
  await postgres.exec(`
    insert into ingestion_slices (ingestion_id, received_at, slice, counts, loaded_at)
    values ('${UPLOAD}', '2026-03-02Z', 1,
      '{"step_count": {"received": 1, "inserted": 0, "updated": 0, "unchanged": 0, "set_aside": 1}}', '2026-03-02Z');
    insert into set_aside (ingestion_id, received_at, slice, ordinal, metric, pointer, code, message)
    values ('${UPLOAD}', '2026-03-02Z', 1, 0, 'step_count', '/3', 'invalid_date', '')`);
  const { issues_by_code } = await readReceipt();
  expect(issues_by_code).toEqual({ invalid_date: 2, date_missing: 2 });
});

it('counts of both forms close, but not where a number is below zero', async () => {
  const [row] = await query(`select
    counts_close('{"a": {"received": 3, "inserted": 1, "updated": 1, "unchanged": 0, "set_aside": 1}}') as former,
    counts_close('{"a": {"received": 1, "inserted": 1, "updated": 1, "unchanged": -1, "set_aside": 0}}') as former_below,
    counts_close('{"1": [3, 1, 1, 0, 1]}') as present,
    counts_close('{"1": [1, 1, 1, -1, 0]}') as below`);
  expect(row).toEqual({ former: 't', former_below: 'f', present: 't', below: 'f' });
});

it('points that a former release stores after the migration are found, wherever they are', async () => {
  const spans = () => query('select first_at, last_at from workout_series');
  await postgres.exec(`
    update workout_series set points = 5, fingerprint = 3, first_at = '2016-05-15 09:59Z', last_at = '2016-05-15 10:07Z'`);
  expect(await spans()).not.toContainEqual({ first_at: null, last_at: null });
  await postgres.exec(`
    update workout_series set points = 6, fingerprint = 4;
    insert into workout_samples (workout_id, series_id, recorded_at, value)
    select workout_id, series_id, '2016-05-15 11:00Z', 1 from workout_series`);
  expect(await spans()).toEqual([{ first_at: null, last_at: null }]);
  await removeReplaced({ points: 7, fingerprint: 5 });
  expect(await query('select 1 from workout_samples')).toEqual([]);
});
