import { PGlite, type Results, type Transaction } from '@electric-sql/pglite';
import { leanPostgis } from './postgis-bundle.ts';
import {
  type SqlBackend,
  type SqlQuery,
  type SqlResult,
  type SqlRunner,
  WORKERS_ROLE,
} from './sql-backend.ts';

/** Postgres 18 with PostGIS in this process. One connection: statements and transactions take turns. */

/** Of the 128 MB by default, which stay in memory once touched, one person's days fill a part; files are cached by the system. */
const SHARED_BUFFERS = ['-c', 'shared_buffers=16MB'];

/** @param dataDir a folder, or `memory://` for one that is gone at the end. */
export async function openEmbeddedPostgres(dataDir: string): Promise<SqlBackend> {
  const database = await PGlite.create({
    dataDir,
    extensions: { postgis: leanPostgis },
    startParams: [...PGlite.defaultStartParams, ...SHARED_BUFFERS],
  });
  for (const converters of [database.parsers, database.serializers]) leaveTextAlone(converters);
  const inTurn = turns(database);
  const runnerAs = (role: Role): SqlRunner => ({
    run: (query) => inTurn(role, () => run(database, query)),
    runAll: (queries, modes = '') =>
      inTurn(role, () =>
        database.transaction(async (transaction) => {
          if (modes !== '') await transaction.exec(`set transaction ${modes}`);
          const results: SqlResult[] = [];
          for (const query of queries) results.push(await run(transaction, query));
          return results;
        }),
      ),
  });
  return {
    ...runnerAs('owner'),
    asWorkers: runnerAs('workers'),
    exec: (sql) => inTurn('owner', async () => void (await database.exec(sql))),
    close: () => database.close(),
  };
}

const run = async (on: PGlite | Transaction, { query, params }: SqlQuery): Promise<SqlResult> =>
  toResult(await on.query<(string | null)[]>(query, params, { rowMode: 'array' }));

type Role = 'owner' | 'workers';

/**
 * As a login of that role has it: a `set role` would leave the owner's rights to become any other. `reset` does nothing in
 * the embedded server, where no one has logged in.
 */
const LOG_IN: Readonly<Record<Role, string>> = {
  owner: 'set session authorization postgres',
  workers: `set session authorization ${WORKERS_ROLE}`,
};

/** One connection for both: whose turn it is logs in, if the other was there before. */
function turns(database: PGlite) {
  let role: Role = 'owner';
  let last: Promise<unknown> = Promise.resolve();
  return <T>(wanted: Role, work: () => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      if (role !== wanted) await database.exec(LOG_IN[wanted]);
      role = wanted;
      return work();
    });
    last = turn.catch(() => {});
    return turn;
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
