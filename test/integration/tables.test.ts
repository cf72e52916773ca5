import { getTableConfig } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as people from '../../drizzle/people.ts';
import { openEmbeddedPostgres } from '../../local/stack/embedded-postgres.ts';
import type { SqlBackend } from '../../local/stack/sql-backend.ts';
import { migrate } from '../../migrations/run.ts';

let postgres: SqlBackend;

const rows = async (query: string, params: string[] = []) => {
  const result = await postgres.run({ query, params });
  return result.rows.map((row) =>
    Object.fromEntries(result.fields.map(({ name }, i) => [name, row[i] ?? null])),
  );
};
const target = { exec: (sql: string) => postgres.exec(sql), query: rows };

beforeAll(async () => {
  postgres = await openEmbeddedPostgres('memory://');
  await migrate(target);
});
afterAll(() => postgres.close());

it.each(Object.values(people).map((table) => [getTableConfig(table).name, table] as const))(
  'the typed face of %s has the columns of the migrated table',
  async (name, table) => {
    const typed = getTableConfig(table).columns.map((column) => ({
      column_name: column.name,
      is_nullable: column.notNull ? 'NO' : 'YES',
    }));
    const real = await rows(
      `select column_name, is_nullable from information_schema.columns
        where table_name = $1 and table_schema = 'public' order by column_name`,
      [name],
    );
    expect(typed.toSorted((a, b) => (a.column_name < b.column_name ? -1 : 1))).toEqual(real);
  },
);

it('migrating again changes nothing', async () => {
  expect(await migrate(target)).toEqual([]);
});

it('every partitioned table is known to ensure_partitions', async () => {
  const partitioned = await rows(`select relname from pg_class where relkind = 'p' order by 1`);
  const known = await rows('select name as relname from partitioned_tables order by 1');
  expect(known).toEqual(partitioned);
});

it('a sample takes no more than eight columns, for the ninth would cost each row eight bytes', async () => {
  const [count] = await rows(
    `select count(*) as n from information_schema.columns where table_name = 'samples'`,
  );
  expect(Number(count?.n)).toBe(8);
});

it('a migration that was edited after it was applied is refused by name', async () => {
  await postgres.exec(`update schema_migrations set sha256 = 'x' where name like '0001%'`);
  await expect(migrate(target)).rejects.toThrow('0001_people_and_keys.sql has changed');
});
