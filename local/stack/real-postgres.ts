import pg from 'pg';
import { BackendAway, type SqlBackend, type SqlQuery, type SqlResult } from './sql-backend.ts';

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

export function openRealPostgres(connectionString: string): SqlBackend {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS, Client: TimedClient });
  // An idle connection that breaks is replaced when it is next needed.
  pool.on('error', () => {});

  const withClient = async <T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch((cause: Error) => {
      throw new BackendAway(cause.message, { cause });
    });
    let broken: Error | undefined;
    try {
      return await use(client);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) broken = new BackendAway(String(error));
      throw broken ?? error;
    } finally {
      client.release(broken);
    }
  };

  return {
    run: (query) => withClient((client) => run(client, query)),
    runAll: (queries, modes = '') => withClient((client) => runAll(client, queries, modes)),
    exec: (sql) => withClient(async (client) => void (await client.query(sql))),
    close: () => pool.end(),
  };
}

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
