import { PGlite, type Results, type Transaction } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';
import type { SqlBackend, SqlQuery, SqlResult } from './sql-backend.ts';

/** Postgres 18 with PostGIS in this process. One connection: statements and transactions take turns. */

/** @param dataDir a folder, or `memory://` for one that is gone at the end. */
export async function openEmbeddedPostgres(dataDir: string): Promise<SqlBackend> {
  const database = await PGlite.create({ dataDir, extensions: { postgis } });
  for (const converters of [database.parsers, database.serializers]) leaveTextAlone(converters);
  const run = async (on: PGlite | Transaction, { query, params }: SqlQuery) =>
    toResult(await on.query<(string | null)[]>(query, params, { rowMode: 'array' }));
  return {
    run: (query) => run(database, query),
    runAll: (queries, modes = '') =>
      database.transaction(async (transaction) => {
        if (modes !== '') await transaction.exec(`set transaction ${modes}`);
        const results: SqlResult[] = [];
        for (const query of queries) results.push(await run(transaction, query));
        return results;
      }),
    exec: async (sql) => void (await database.exec(sql)),
    close: () => database.close(),
  };
}

/** Values pass as Postgres writes them, as they do at Neon: the driver in the Worker converts them. */
function leaveTextAlone(converters: Record<string, (value: string) => unknown>): void {
  for (const type of Object.keys(converters)) converters[type] = (value) => value;
}

const toResult = (results: Results<(string | null)[]>): SqlResult => ({
  fields: results.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
  rows: results.rows,
  command: results.command ?? '',
  rowCount: results.rowCount ?? null,
});
