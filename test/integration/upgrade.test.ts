import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedPostgres } from '../../local/stack/embedded-postgres.ts';
import type { SqlBackend } from '../../local/stack/sql-backend.ts';
import { migrate } from '../../migrations/run.ts';

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
    delete from stale_metrics`);
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
