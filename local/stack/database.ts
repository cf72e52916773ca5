import { join } from 'node:path';
import type { MigratedDatabase } from '../../migrations/run.ts';
import { openEmbeddedPostgres } from './embedded-postgres.ts';
import { openRealPostgres } from './real-postgres.ts';
import type { SqlBackend } from './sql-backend.ts';

/** @param dataDir of the embedded one; `null`: in memory. */
export const openBackend = async (
  url: string | null,
  dataDir: string | null,
): Promise<SqlBackend> =>
  url === null
    ? openEmbeddedPostgres(dataDir === null ? 'memory://' : join(dataDir, 'postgres'))
    : openRealPostgres(url);

export async function queryRows(backend: SqlBackend, query: string, params: (string | null)[]) {
  const { fields, rows } = await backend.run({ query, params });
  return rows.map((row) => Object.fromEntries(fields.map(({ name }, i) => [name, row[i] ?? null])));
}

export const asMigrated = (backend: SqlBackend): MigratedDatabase => ({
  exec: (sql) => backend.exec(sql),
  query: (sql, params) => queryRows(backend, sql, params),
});
