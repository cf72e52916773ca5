import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type NeonDbError, neon, neonConfig } from '@neondatabase/serverless';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { endLeftRuntime } from '../../local/commands/runtime-process.ts';
import { runningSession, type Session } from '../../local/commands/session.ts';
import { openEmbeddedPostgres } from '../../local/stack/embedded-postgres.ts';
import { type HttpServer, serveJson } from '../../local/stack/http-server.ts';
import { startNeonEndpoint } from '../../local/stack/neon-endpoint.ts';
import { openRealPostgres } from '../../local/stack/real-postgres.ts';
import { openRedisBackend } from '../../local/stack/redis.ts';
import { root } from '../../local/stack/root.ts';
import type { SqlBackend } from '../../local/stack/sql-backend.ts';
import { createSwitch } from '../../local/stack/switch.ts';
import { type RedisBackend, startUpstashEndpoint } from '../../local/stack/upstash-endpoint.ts';
import { metric, minutes, payload, steps } from './support/payloads.ts';

/** `npm start`, and both its endpoints as the clients of production see them, before each server behind them. */

/** Several slices, so that it goes through the queue. */
const largeOf = (source: string): string =>
  payload(
    metric(
      'step_count',
      'count',
      minutes(30_000).map((point) => ({ ...point, source })),
    ),
  );

/** Neon's own driver, which finds its endpoint in a global. */
const sql = neon('postgres://local:local@db.local/local');
const asText = { getTypeParser: () => (value: unknown) => value };
const texts = { fullResults: true, arrayMode: true, types: asText } as const;

const databases: [string, () => Promise<SqlBackend>][] = [
  ['embedded Postgres', () => openEmbeddedPostgres('memory://')],
];
const url = process.env.TEST_DATABASE_URL;
if (url) databases.push(['a real Postgres', async () => openRealPostgres(url)]);

describe.each(databases)('the Neon endpoint before %s', (_, open) => {
  // The database of CI is shared with other tests.
  const table = `stack_test_${randomUUID().slice(0, 8)}`;
  const power = createSwitch();
  let backend: SqlBackend;
  let server: HttpServer;

  beforeAll(async () => {
    backend = await open();
    await backend.exec(`create table ${table} (n int primary key, t text)`);
    server = await startNeonEndpoint(backend, power);
    neonConfig.fetchEndpoint = server.url;
  });
  afterEach(async () => {
    power.resume();
    await backend.exec(`truncate ${table}`);
  });
  afterAll(async () => {
    await backend.exec(`drop table ${table}`);
    await server.stop();
    await backend.close();
  });

  const insert = (n: string) => sql.query(`insert into ${table} values ($1, 'x')`, [n]);
  const count = async () => (await sql.query(`select count(*)::int as n from ${table}`))[0]?.n;
  const failureOf = (work: Promise<unknown>): Promise<NeonDbError> =>
    work.then(
      () => expect.unreachable(),
      (error) => error,
    );

  it('values come back as Postgres writes them', async () => {
    const { rows } = await sql.query(
      `select '2026-03-02 07:41:00.123456'::timestamp, array[1, null]::int[], '{"a":1}'::jsonb, 1.50::numeric,
              true, null, '\\x00ff'::bytea, 9007199254740993`,
      [],
      texts,
    );
    const expected = ['2026-03-02 07:41:00.123456', '{1,NULL}', '{"a": 1}', '1.50'];
    expect(rows).toEqual([[...expected, 't', null, '\\x00ff', '9007199254740993']]);
  });

  it('the driver makes values of the types that it is told', async () => {
    const [row] = await sql`select ${'2026-03-02T07:41:00Z'}::timestamptz as at, ${2}::int as n`;
    expect(row).toEqual({ at: new Date('2026-03-02T07:41:00Z'), n: 2 });
  });

  it('a parameter may be null', async () => {
    expect(await sql`select ${null}::text as t, coalesce(${null}::int, 7) as n`).toEqual([
      { t: null, n: 7 },
    ]);
  });

  it('10,000 rows go in by two array literals', async () => {
    const numbers = Array.from({ length: 10_000 }, (_, i) => i);
    const text = `insert into ${table} select * from unnest($1::int[], $2::text[])`;
    const literals = [`{${numbers}}`, `{${numbers.map((n) => `"a ${n}, \\"quoted\\""`)}}`];
    const result = await sql.query(text, literals, { fullResults: true });
    expect(result).toMatchObject({ command: 'INSERT', rowCount: 10_000 });
    expect(await sql.query(`select t from ${table} where n = 9999`)).toEqual([
      { t: 'a 9999, "quoted"' },
    ]);
  });

  it('a question tells how many rows it found', async () => {
    const { command, rowCount } = await sql.query('select generate_series(1, 3)', [], texts);
    expect([command, rowCount]).toEqual(['SELECT', 3]);
  });

  it('a batch is stored as a whole', async () => {
    const results = await sql.transaction([insert('1'), insert('2'), sql`select 3 as n`]);
    expect(results).toEqual([[], [], [{ n: 3 }]]);
    expect(await count()).toBe(2);
  });

  it('a batch fails as a whole, and the connection is good afterwards', async () => {
    const failure = await failureOf(sql.transaction([insert('1'), insert('2'), insert('2')]));
    expect(failure.code).toBe('23505');
    for (let i = 0; i < 10; i++) expect(await count()).toBe(0);
  });

  it.each([
    ['ReadCommitted', 'read committed'],
    ['RepeatableRead', 'repeatable read'],
    ['Serializable', 'serializable'],
  ] as const)('a batch that asks for %s is %s', async (isolationLevel, level) => {
    const query = sql`select current_setting('transaction_isolation') as level`;
    expect(await sql.transaction([query], { isolationLevel })).toEqual([[{ level }]]);
  });

  it('a read-only batch cannot write', async () => {
    const failure = await failureOf(sql.transaction([insert('1')], { readOnly: true }));
    expect(failure.code).toBe('25006');
    expect(await count()).toBe(0);
  });

  it.each([
    ['a duplicate', () => sql.transaction([insert('1'), insert('1')]), '23505'],
    ['text where a number goes', () => insert('one'), '22P02'],
    ['a table that is not there', () => sql`select * from not_there`, '42P01'],
    ['no SQL', () => sql`selec`, '42601'],
  ])('%s fails with the code of Postgres', async (_, work, code) => {
    const failure = await failureOf(work());
    expect(failure).toMatchObject({ name: 'NeonDbError', code, severity: 'ERROR' });
    if (code === '23505') expect(failure.constraint).toBe(`${table}_pkey`);
  });

  it('while it is taken away it has no code of Postgres, and afterwards it is as before', async () => {
    for (const code of ['', undefined]) {
      power.pause(code === '' ? 'connection_closed' : 'compute_not_reached');
      const failure = await failureOf(insert('1'));
      expect([failure.name, failure.code]).toEqual(['NeonDbError', code]);
    }
    power.resume();
    expect(await count()).toBe(0);
  });
});

describe.runIf(url)('a real Postgres', () => {
  const real = new URL(url ?? 'postgres://none');
  const inFrontOf = async (target: string, use: () => Promise<void>) => {
    const backend = openRealPostgres(target);
    const endpoint = await startNeonEndpoint(backend, createSwitch());
    neonConfig.fetchEndpoint = endpoint.url;
    await use().finally(async () => {
      await endpoint.stop();
      await backend.close();
    });
  };

  /** A way to Postgres that can be cut. @returns its port, and the cut */
  async function openWay(port = 0): Promise<[number, () => Promise<void>]> {
    const sockets: Socket[] = [];
    const way = createServer((socket) => {
      const onward = createConnection(Number(real.port || 5432), real.hostname);
      for (const each of [socket, onward]) sockets.push(each.on('error', () => {}));
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => way.listen(port, '127.0.0.1', resolve));
    const cut = async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => way.close(resolve));
    };
    return [Number(Object(way.address()).port), cut];
  }

  it('that was away is found again without a restart', async () => {
    const [port, cut] = await openWay();
    const through = Object.assign(new URL(real), { host: `127.0.0.1:${port}` });
    await inFrontOf(through.href, async () => {
      expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
      await cut();
      await expect(sql`select 1`).rejects.toMatchObject({ name: 'NeonDbError', code: undefined });
      const [, cutAgain] = await openWay(port);
      expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
      await cutAgain();
    });
  });

  it('is not taken to be away while statements wait for their turn', async () => {
    await inFrontOf(real.href, async () => {
      const slow = Array.from({ length: 9 }, () => sql`select pg_sleep(2.2)`);
      const results = await Promise.allSettled(slow);
      expect(results.map(({ status }) => status)).toEqual(slow.map(() => 'fulfilled'));
    });
  });
});

const caches: [string, string | null][] = [['a Redis in memory', null]];
const redisUrl = process.env.TEST_REDIS_URL;
if (redisUrl) caches.push(['a real Redis', redisUrl]);

describe.each(caches)('the Upstash endpoint before %s', (_, url) => {
  const TOKEN = 'a-token';
  const power = createSwitch();
  const key = (name: string) => `stack-test:${run}:${name}`;
  const run = randomUUID();
  let backend: RedisBackend;
  let server: HttpServer;
  let redis: Redis;

  beforeAll(async () => {
    backend = await openRedisBackend(url);
    server = await startUpstashEndpoint(backend, TOKEN, { power });
    const retry = { retries: 0 };
    redis = new Redis({ url: server.url, token: TOKEN, enableTelemetry: false, retry });
  });
  afterEach(() => power.resume());
  afterAll(async () => {
    await server.stop();
    await backend.close();
  });

  const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${TOKEN}`, ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };

  it.each(['abcd', 'OK', '', 'Grüße, 心拍 ❤', '12.50'])('%j comes back as it was', async (text) => {
    await redis.set(key('text'), { text });
    expect(await redis.get(key('text'))).toEqual({ text });
    await send('/', ['SET', key('plain'), text]);
    const base64 = { 'Upstash-Encoding': 'base64' };
    const encoded = text === 'OK' ? text : Buffer.from(text).toString('base64');
    expect((await send('/', ['GET', key('plain')], base64)).body).toEqual({ result: encoded });
    expect((await send('/', ['GET', key('plain')])).body).toEqual({ result: text });
  });

  it('SET keeps to its options, whichever case they are in', async () => {
    expect(await redis.set(key('once'), 'nx', { ex: 10, nx: true })).toBe('OK');
    expect(await redis.set(key('once'), 'again', { ex: 10, nx: true })).toBeNull();
    expect(await redis.get(key('once'))).toBe('nx');
    expect(await redis.ttl(key('once'))).toBeGreaterThan(5);
  });

  it('a hash comes back as a list, which the client makes an object of', async () => {
    await redis.hset(key('hash'), { a: 1, b: 'two' });
    expect(await redis.hgetall(key('hash'))).toEqual({ a: 1, b: 'two' });
    const all = await redis.multi().hgetall(key('hash')).hlen(key('hash')).exec();
    expect(all).toEqual([{ a: 1, b: 'two' }, 2]);
  });

  it('a pipeline goes on after a command that fails', async () => {
    const { status, body } = await send('/pipeline', [
      ['SET', key('p'), '1'],
      ['NOSUCH', 'x'],
      ['INCRBY', key('p'), 4],
    ]);
    const unknown = { error: expect.stringContaining('unknown command') };
    expect([status, body]).toEqual([200, [{ result: 'OK' }, unknown, { result: 5 }]]);
  });

  it('a transaction answers for each command', async () => {
    const replies = await redis.multi().set(key('m'), 1).incr(key('m')).get(key('m')).exec();
    expect(replies).toEqual(['OK', 2, 2]);
  });

  it('a transaction with an unknown command does nothing', async () => {
    const { status } = await send('/multi-exec', [
      ['SET', key('never'), '1'],
      ['NOSUCH', 'x'],
    ]);
    expect(status).toBe(400);
    expect(await redis.get(key('never'))).toBeNull();
  });

  it('a script is known by the hash of what the client sent, first line included', async () => {
    const script = `#!lua flags=allow-key-locking\nreturn {ARGV[1], KEYS[1], false, 7, '${run}'}`;
    const hash = createHash('sha1').update(script).digest('hex');
    const early = await send('/', ['EVALSHA', hash, 1, 'k', 'v']);
    expect([early.status, early.body]).toEqual([
      400,
      { error: expect.stringMatching(/^NOSCRIPT/) },
    ]);
    const expected = ['v', 'k', null, 7, run];
    expect(await redis.eval(script, ['k'], ['v'])).toEqual(expected);
    expect(await redis.evalsha(hash, ['k'], ['v'])).toEqual(expected);
  });

  it.each([
    ['a fixed window', Ratelimit.fixedWindow(3, '1 h')],
    ['a sliding window', Ratelimit.slidingWindow(3, '1 h')],
  ])('%s lets three through, each on its own', async (name, limiter) => {
    const limit = new Ratelimit({ redis, limiter, ephemeralCache: false, timeout: 0 });
    const successes: boolean[] = [];
    for (let i = 0; i < 4; i++) successes.push((await limit.limit(key(name))).success);
    expect(successes).toEqual([true, true, true, false]);
    expect((await limit.limit(key(`${name} of another`), { rate: 3 })).remaining).toBe(0);
  });

  it('a key that is reset starts again, and one that never asked may be reset, too', async () => {
    const limiter = Ratelimit.fixedWindow(1, '1 h');
    const limit = new Ratelimit({ redis, limiter, ephemeralCache: false, timeout: 0 });
    const [ada, eve] = [key('ada'), key('eve')];
    await limit.resetUsedTokens(ada);
    for (const person of [ada, eve]) await limit.limit(`${person}:phone`);
    await limit.resetUsedTokens(ada);
    expect((await limit.limit(`${ada}:phone`)).success).toBe(true);
    expect((await limit.limit(`${eve}:phone`)).success).toBe(false);
  });

  it('a new window lets through again', async () => {
    const limiter = Ratelimit.fixedWindow(1, '1 s');
    const limit = new Ratelimit({ redis, limiter, ephemeralCache: false, timeout: 0 });
    const { reset } = await limit.limit(key('short'), { rate: 5 });
    await new Promise((resolve) => setTimeout(resolve, reset - Date.now() + 20));
    expect((await limit.limit(key('short'))).success).toBe(true);
  });

  it('nobody gets in without the token', async () => {
    const { status, body } = await send('/', ['PING'], { Authorization: 'Bearer other' });
    expect([status, body]).toEqual([401, { error: 'Unauthorized' }]);
  });

  it('while it is taken away commands fail, and afterwards all is there', async () => {
    await redis.set(key('kept'), 'x');
    power.pause();
    await expect(redis.get(key('kept'))).rejects.toThrow('away');
    power.resume();
    expect(await redis.get(key('kept'))).toBe('x');
  });
});

/** A start builds both Workers if they are stale, which a loaded machine takes a minute for. */
const START_MS = 180_000;

describe('npm start', { timeout: 3 * START_MS }, () => {
  let dataDir: string;
  let port: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'self-sensored-start-'));
    const server = await serveJson(async () => ({ status: 200, body: null }));
    ({ port } = new URL(server.url));
    await server.stop();
  });
  // A test that fails leaves nothing to the next.
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await endLeftRuntime(dataDir);
  });
  afterAll(async () => {
    await rm(dataDir, { recursive: true });
  });

  function start(settings: Record<string, string> = {}) {
    const ours = { DATA_DIR: dataDir, PORT: port, DATABASE_URL: '', REDIS_URL: '', ...settings };
    const args = [join(root, 'local/start.ts')];
    const child = spawn(process.execPath, args, { env: { ...process.env, ...ours } });
    children.push(child);
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = once(child, 'exit').then(
      async ([code]) => [code, (await said).join('')] as const,
    );
    return { child, ended };
  }
  /** @throws what it has said, if it ends instead */
  const ready = ({ ended }: ReturnType<typeof start>): Promise<Session> =>
    Promise.race([
      vi.waitUntil(() => runningSession(dataDir), { timeout: START_MS }),
      ended.then(([code, said]) => Promise.reject(new Error(`It ended with ${code}: ${said}`))),
    ]);
  const post = async ({ url, ingestKey }: Session, body: string): Promise<string> => {
    const headers = { Authorization: `Bearer ${ingestKey}` };
    const answer = await fetch(`${url}/api/v1/sync`, { method: 'POST', headers, body });
    return ((await answer.json()) as { data: { id: string } }).data.id;
  };
  const isClosed = async ({ url, readKey }: Session, id: string): Promise<boolean> => {
    const headers = { Authorization: `Bearer ${readKey}` };
    const answer = await fetch(`${url}/api/v1/ingestions/${id}`, { headers });
    return (
      ((await answer.json()) as { data: { completed_at: unknown } }).data.completed_at !== null
    );
  };
  const receipts = async ({ url, readKey }: Session) => {
    const headers = { Authorization: `Bearer ${readKey}` };
    const answer = await fetch(`${url}/api/v1/ingestions`, { headers });
    return ((await answer.json()) as { data: { id: string }[] }).data;
  };

  it('makes the owner once, without any data, refuses to run twice, stops cleanly and finds all again', async () => {
    const first = start({ PERSON: 'Ada@localhost', TIME_ZONE: 'Europe/Vienna' });
    const session = await ready(first);
    const modeOf = (file: string) => statSync(join(dataDir, file)).mode & 0o777;
    expect([modeOf('session.json'), modeOf('keys.json')]).toEqual([0o600, 0o600]);
    expect(await receipts(session)).toEqual([]);
    const posted = await post(session, payload(steps(...minutes(3))));
    const loaded = await receipts(session);
    expect(loaded.map(({ id }) => id)).toEqual([posted]);

    expect(await start().ended).toEqual([
      1,
      `✗ ${dataDir} is in use by process ${session.pid}. Stop it, or set DATA_DIR to another folder.\n`,
    ]);
    expect(await start({ DATA_DIR: join(dataDir, 'other') }).ended).toEqual([
      1,
      `✗ Port ${port} is in use. Set PORT to another, as in PORT=8788 npm start.\n`,
    ]);

    first.child.kill('SIGTERM');
    const [code, said] = await first.ended;
    expect(code).toBe(0);
    expect(said).toContain(
      'These are the keys of ada@localhost, whose days are those of Europe/Vienna',
    );
    expect(said).toContain(`  export URL=${session.url}\n  export ING_KEY=${session.ingestKey}\n`);
    expect(readdirSync(dataDir)).not.toContain('session.json');
    expect(readdirSync(dataDir)).not.toContain('lock');

    const second = start();
    const again = await ready(second);
    expect(again).toEqual({ ...session, pid: second.child.pid });
    expect(await receipts(again)).toEqual(loaded);
    second.child.kill('SIGINT');
    expect(await second.ended).toEqual([0, expect.stringContaining('the keys of ada@localhost')]);
  });

  it('tells each address that a phone can type, once the network may reach it', async () => {
    const server = start({ HOST: '0.0.0.0' });
    await ready(server);
    server.child.kill('SIGTERM');
    const [, said] = await server.ended;
    const addresses = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of addresses) {
      expect(said).toContain(`  URL     http://${address}:${port}/api/v1/sync\n`);
    }
  });

  it('has an admin key that outlives the owner, and acts for no person', async () => {
    const server = start();
    const { url, readKey, adminKey } = await ready(server);
    const call = async (method: string, path: string, key: string, body: unknown = {}) => {
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
      const answer = await fetch(`${url}${path}`, {
        method,
        headers,
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.json() };
    };
    const refused = await call('DELETE', '/api/v1/me', adminKey);
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      'This key belongs to the installation, and to no person. Use a read key of the person.',
    ]);
    const whose = await call('POST', '/api/v1/keys', adminKey, { kind: 'read' });
    expect([whose.status, whose.body.errors[0].code]).toEqual([400, 'person_missing']);

    const { confirm } = (await call('DELETE', '/api/v1/me', readKey)).body.data;
    expect((await call('DELETE', '/api/v1/me', readKey, { confirm })).status).toBe(200);
    const keys = await call('GET', '/api/v1/keys', adminKey);
    expect(keys.status).toBe(200);
    expect(
      keys.body.data.map(({ kind, person }: Record<string, string>) => [kind, person]),
    ).toEqual([['admin', null]]);
    const made = await call('POST', '/api/v1/keys', adminKey, {
      kind: 'read',
      person: 'grace@localhost',
      time_zone: 'Asia/Tokyo',
    });
    expect([made.status, made.body.data.person]).toEqual([201, 'grace@localhost']);
    const preferences = await call('GET', '/api/v1/preferences', made.body.data.key);
    expect(preferences.body.data.time_zone).toBe('Asia/Tokyo');
    server.child.kill('SIGTERM');
    await server.ended;
  });

  it('has the sample in a person of its own, which one command removes', async () => {
    const server = start();
    const session = await ready(server);
    const before = await receipts(session);
    const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: '', REDIS_URL: '' };
    const demo = (...args: string[]) =>
      promisify(execFile)(process.execPath, [join(root, 'local/demo.ts'), ...args], { env });
    const { stdout } = await demo('--sample');
    const readKey = /READ_KEY=(\S+)/.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain('All of it belongs to demo@localhost');
    expect(await receipts({ ...session, readKey })).toHaveLength(1);
    expect(await receipts(session)).toEqual(before);

    expect((await demo('--remove')).stdout).toContain('demo@localhost is erased');
    const gone = await fetch(`${session.url}/api/v1/stats`, {
      headers: { Authorization: `Bearer ${readKey}` },
    });
    expect(gone.status).toBe(401);
    expect(await receipts(session)).toEqual(before);
    server.child.kill('SIGTERM');
    await server.ended;
  });

  it('takes no person whose name is not one', async () => {
    const folder = join(dataDir, 'odd');
    for (const [PERSON, why] of [
      ['ada', 'An e-mail address, such as ada@example.org or ada@localhost.'],
      ['demo@localhost', 'demo@localhost is the person of npm run demo. Take another.'],
    ] as const) {
      const [code, said] = await start({ DATA_DIR: folder, PERSON }).ended;
      expect([code, said]).toEqual([1, expect.stringContaining(`✗ PERSON: ${why}\n`)]);
    }
  });

  it('loads what waited in the queue when it was killed, and ends the workerd that was left', async () => {
    const killed = start();
    const session = await ready(killed);
    const waiting = await post(session, largeOf('Waiting'));
    killed.child.kill('SIGKILL');
    await killed.ended;

    const again = start();
    const after = await ready(again);
    await vi.waitUntil(async () => await isClosed(after, waiting), { timeout: 15_000 });
    again.child.kill('SIGTERM');
    expect((await again.ended)[1]).toContain('left by a start that was killed');
  });

  it('says that workerd has crashed, and goes on', async () => {
    const server = start();
    const session = await ready(server);
    const before = await receipts(session);
    process.kill(Number(readFileSync(join(dataDir, 'workerd.pid'), 'utf8')), 'SIGABRT');
    await vi.waitUntil(() => receipts(session).catch(() => null), { timeout: 30_000 });

    const receipt = await post(session, largeOf('After the crash'));
    await vi.waitUntil(async () => await isClosed(session, receipt), { timeout: 30_000 });
    expect(await receipts(session)).toHaveLength(before.length + 1);
    server.child.kill('SIGTERM');
    const [code, said] = await server.ended;
    expect([code, said]).toEqual([0, expect.stringContaining('(workerd) crashed and runs again')]);
  });

  it('stops whole when npm is ended by a process manager', async () => {
    const env = { ...process.env, DATA_DIR: dataDir, PORT: port, DATABASE_URL: '', REDIS_URL: '' };
    const npm = spawn('npm', ['start'], { cwd: root, env, stdio: 'ignore' });
    children.push(npm);
    await vi.waitUntil(() => runningSession(dataDir), { timeout: START_MS });
    npm.kill('SIGTERM');
    await vi.waitUntil(() => !readdirSync(dataDir).includes('lock'), { timeout: 30_000 });
    await expect(fetch(`http://127.0.0.1:${port}/live`)).rejects.toThrow();
  });
});
