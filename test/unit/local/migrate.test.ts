import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedPostgres } from '../../../local/stack/embedded-postgres.ts';
import type { SqlBackend } from '../../../local/stack/sql-backend.ts';
import { type MigratedDatabase, migrate } from '../../../migrations/run.ts';

let postgres: SqlBackend;
beforeAll(async () => {
  postgres = await openEmbeddedPostgres('memory://');
}, 30_000);
afterAll(() => postgres.close());

const rows = async (query: string, params: string[]) => {
  const result = await postgres.run({ query, params });
  return result.rows.map((row) =>
    Object.fromEntries(result.fields.map(({ name }, i) => [name, row[i] ?? null])),
  );
};

it('two that migrate at once do not collide: whatever is missing is applied once', async () => {
  const database: MigratedDatabase = { exec: (sql) => postgres.exec(sql), query: rows };
  const [first, second] = await Promise.all([migrate(database), migrate(database)]);
  expect(first.length).toBeGreaterThan(0);
  // Both found it missing, so this was a race.
  expect(second).toEqual(first);
  const applied = await rows('select name from schema_migrations order by name', []);
  expect(applied.map(({ name }) => name)).toEqual(first);
  expect(await migrate(database)).toEqual([]);
});
