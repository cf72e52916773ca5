import pg from 'pg';
import {
  BackendAway,
  type SqlBackend,
  type SqlQuery,
  type SqlResult,
  type SqlRunner,
  WORKERS_ROLE,
} from './sql-backend.ts';

/** A Postgres server elsewhere, through a small pool. */

const CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 2_000;

const asText = { getTypeParser: () => (value: string) => value };

/** Only connecting is timed. A limit of the pool's own would take a long wait for one's turn for a database that is away. */
class TimedClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    // Whoever uses it hears of a lost connection by the query; unheard, this event would end the process.
    this.on('error', () => {});
  }
}

/**
 * A superuser logs in as the Workers do; another owner takes their role, which leaves it the right to become any other of
 * its own.
 */
const BECOME_WORKERS = `
  select set_config(case when rolsuper then 'session_authorization' else 'role' end, '${WORKERS_ROLE}', false)
  from pg_roles where rolname = session_user`;

export function openRealPostgres(connectionString: string): SqlBackend {
  const owner = openPool(connectionString, null);
  const workers = openPool(connectionString, BECOME_WORKERS);
  return {
    ...runnerOn(owner),
    asWorkers: runnerOn(workers),
    exec: (sql) => owner.use(async (client) => void (await client.query(sql))),
    close: async () => void (await Promise.all([owner.end(), workers.end()])),
  };
}

interface Pool {
  use<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** @param first what each connection begins with */
function openPool(connectionString: string, first: string | null): Pool {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS, Client: TimedClient });
  const begun = new WeakSet<pg.PoolClient>();
  // An idle connection that breaks is replaced when it is next needed.
  pool.on('error', () => {});
  return {
    end: () => pool.end(),
    use: async (work) => {
      const client = await pool.connect().catch((cause: Error) => {
        throw new BackendAway(cause.message, 'connection', { cause });
      });
      let broken: Error | undefined;
      try {
        if (first !== null && !begun.has(client)) await client.query(first);
        begun.add(client);
        return await work(client);
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) {
          broken = new BackendAway(String(error), 'statement');
        }
        throw broken ?? error;
      } finally {
        client.release(broken);
      }
    },
  };
}

const runnerOn = (pool: Pool): SqlRunner => ({
  run: (query) => pool.use((client) => run(client, query)),
  runAll: (queries, modes = '') => pool.use((client) => runAll(client, queries, modes)),
});

async function run(client: pg.PoolClient, { query, params }: SqlQuery): Promise<SqlResult> {
  const result = await client.query<(string | null)[]>({
    text: query,
    values: params,
    rowMode: 'array',
    types: asText,
  });
  return {
    fields: result.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    rows: result.rows,
    command: result.command,
    rowCount: result.rowCount,
  };
}

async function runAll(
  client: pg.PoolClient,
  queries: readonly SqlQuery[],
  modes: string,
): Promise<SqlResult[]> {
  await client.query(`begin ${modes}`);
  try {
    const results: SqlResult[] = [];
    for (const query of queries) results.push(await run(client, query));
    await client.query('commit');
    return results;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}
