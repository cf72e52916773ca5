import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
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
    ? dataDir === null
      ? openEmbeddedPostgres('memory://')
      : openKept(join(dataDir, 'postgres'))
    : openRealPostgres(url);

/**
 * A database that was not made to its end, by a kill or on a full disk, cannot be opened and has no rows: it is made
 * anew. That it is being made is written beside it.
 */
async function openKept(folder: string): Promise<SqlBackend> {
  const unfinished = `${folder}.unfinished`;
  if (existsSync(unfinished)) await rm(folder, { recursive: true, force: true });
  if (existsSync(folder)) return openEmbeddedPostgres(folder);
  await writeFile(unfinished, '');
  const backend = await openEmbeddedPostgres(folder);
  await rm(unfinished);
  return backend;
}

export async function queryRows(backend: SqlBackend, query: string, params: (string | null)[]) {
  const { fields, rows } = await backend.run({ query, params });
  return rows.map((row) => Object.fromEntries(fields.map(({ name }, i) => [name, row[i] ?? null])));
}

export const asMigrated = (backend: SqlBackend): MigratedDatabase => ({
  exec: (sql) => backend.exec(sql),
  query: (sql, params) => queryRows(backend, sql, params),
});
