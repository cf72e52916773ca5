import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpServer } from '../../local/stack/http-server.ts';
import { startNeonEndpoint } from '../../local/stack/neon-endpoint.ts';
import { MAX_REQUEST_BYTES, NEON_SHAPES } from '../../local/stack/neon-shapes.ts';
import type { SqlQuery, SqlRunner } from '../../local/stack/sql-backend.ts';
import { createSwitch } from '../../local/stack/switch.ts';
import {
  type Database,
  DatabaseFault,
  DatabaseUnexplained,
  DatabaseUnreachable,
  openDatabase,
  RequestTooLarge,
} from '../../src/database.ts';

const power = createSwitch();
let code: string | null = null;
let last: SqlQuery | null = null;
const result = { fields: [], rows: [], command: 'SELECT', rowCount: 0 };
const run = async (query: SqlQuery) => {
  last = query;
  if (code !== null) throw Object.assign(new Error('refused'), { code, severity: 'ERROR' });
  return result;
};
const backend: SqlRunner = {
  run,
  runAll: (queries) => Promise.all(queries.map(run)),
};

let server: HttpServer;
let database: Database;
beforeAll(async () => {
  server = await startNeonEndpoint(backend, power);
  database = openDatabase({
    DATABASE_URL: 'postgres://local:local@db.local/local',
    NEON_ENDPOINT: server.url,
  } as Parameters<typeof openDatabase>[0]);
});
afterEach(() => {
  power.resume();
  code = null;
});
afterAll(() => server.stop());

const SELECT = { text: 'select $1', params: ['x'] };
const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error) => error,
  );
const ask: Record<string, () => Promise<unknown>> = {
  query: () => database.query(SELECT),
  queryAs: () => database.queryAs(crypto.randomUUID(), SELECT),
  transaction: () => database.transaction([SELECT, SELECT]),
  dryRun: () => database.dryRun([SELECT]),
  orm: () => database.orm((orm) => orm.execute('select 1')),
};

describe.each(Object.entries(ask))('%s', (_, asked) => {
  it.each(NEON_SHAPES.map(({ name }) => name))(
    'takes %s for a database that is away',
    async (name) => {
      power.pause(name);
      expect(await errorOf(asked())).toBeInstanceOf(DatabaseUnreachable);
    },
  );

  it.each(['22003', '23514', '54000'])('takes %s for a fault of the rows', async (sqlstate) => {
    code = sqlstate;
    expect(await errorOf(asked())).toBeInstanceOf(DatabaseFault);
  });

  it.each(['XX000', '58030', 'P0001', 'ZZ999'])(
    'lets %s be explained by nobody',
    async (sqlstate) => {
      code = sqlstate;
      const error = await errorOf(asked());
      expect(error).toBeInstanceOf(DatabaseUnexplained);
      expect(Object(error).code).toBe(sqlstate);
    },
  );
});

describe('a request that is too large', () => {
  it('says so, once it is so large that this can be true', async () => {
    const work = database.query({ text: 'select $1', params: ['x'.repeat(MAX_REQUEST_BYTES)] });
    expect(await errorOf(work)).toBeInstanceOf(RequestTooLarge);
  });

  it('is not believed to be, where it is small', async () => {
    power.pause('request_too_large');
    expect(await errorOf(database.query(SELECT))).not.toBeInstanceOf(RequestTooLarge);
  });
});

it('half a surrogate pair, which the proxy refuses without a code, is never sent', async () => {
  await database.query({ text: 'select $1', params: ['a\uD800b'] });
  expect(last?.params).toEqual(['a\uFFFDb']);
});

it('the endpoint answers half a surrogate pair as the proxy does', async () => {
  const body = '{"query":"select $1","params":["\\ud800"]}';
  const { status } = await fetch(server.url, { method: 'POST', body });
  expect(status).toBe(400);
});

it('a password that is refused is said to the operator, and what else the proxy says is not', async () => {
  power.pause('password_failed');
  expect(String(await errorOf(database.query(SELECT)))).toContain('refuses the password');
  power.pause('request_not_parsed');
  expect(String(await errorOf(database.query(SELECT)))).not.toContain('surrogate');
});
