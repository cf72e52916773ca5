import type { TestProject } from 'vitest/node';
import { issueKeyIn, PLAIN_KEY } from '../../local/commands/issue-key.ts';
import { openEmbeddedPostgres } from '../../local/stack/embedded-postgres.ts';
import { serveJson } from '../../local/stack/http-server.ts';
import { startNeonEndpoint } from '../../local/stack/neon-endpoint.ts';
import type { SqlBackend } from '../../local/stack/sql-backend.ts';
import { createSwitch } from '../../local/stack/switch.ts';
import { type RedisBackend, startUpstashEndpoint } from '../../local/stack/upstash-endpoint.ts';
import { migrate } from '../../migrations/run.ts';
import type { KeyKind } from '../../src/model.ts';
import { TEST_PEPPER, TEST_REDIS_TOKEN } from './secrets.ts';
import type { TestPerson } from './servers.d.ts';

/** A database around the Worker, for tests that run inside workerd and bring faults of their own. */

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await openEmbeddedPostgres('memory://');
  const rows = async (query: string, params: string[]) =>
    (await postgres.run({ query, params })).rows.map(([name, sha256]) => ({ name, sha256 }));
  await migrate({ exec: (sql) => postgres.exec(sql), query: rows });

  const ada = await newPerson(postgres, 'ada@example.org');
  const grace = await newPerson(postgres, 'grace@example.org');

  const neon = await startNeonEndpoint(postgres.asWorkers, createSwitch());
  // A server that is away still takes the connection: a refused one makes workerd write pages of stack traces.
  const away = await serveJson(async () => ({ status: 503, body: { error: 'away' } }));
  const redis = await startUpstashEndpoint(FORGETFUL_REDIS, TEST_REDIS_TOKEN, {
    power: createSwitch(),
  });
  project.provide('servers', { neon: neon.url, redis: redis.url, away: away.url, ada, grace });
  return async () => {
    await redis.stop();
    await away.stop();
    await neon.stop();
    await postgres.close();
  };
}

/** Answers each command, and remembers none: a script of the limiter counts one of its limit, which is its first argument. */
const FORGETFUL_REDIS: RedisBackend = {
  run: async ([name, ...args]) => {
    if (/^mget$/i.test(name)) return args.map(() => null);
    if (/^eval$/i.test(name)) return [2, [1, Number(args[3])]];
    return /^(rpush|del)$/i.test(name) ? 1 : null;
  },
  runAll: async (commands) => commands.map(() => [null, null]),
  close: async () => {},
};

const LIMITS = { requestsPerHour: 1_000_000, bytesPerHour: 1_000_000_000 };
/** A Worker takes the cost from the hash; this one is not what the tests are about. */
const cost = { memorySize: 8, iterations: 1 };

async function newPerson(postgres: SqlBackend, email: string): Promise<TestPerson> {
  const query = (text: string, params: (string | null)[]) => postgres.run({ query: text, params });
  const { rows } = await query('insert into users (email) values ($1) returning id', [email]);
  const id = String(rows[0]?.[0]);
  const newKey = async (kind: KeyKind) => {
    const wish = { ...PLAIN_KEY, ...LIMITS, userId: id, kind };
    return (await issueKeyIn(query, wish, { pepper: TEST_PEPPER, cost })).key;
  };
  return {
    id,
    keys: { ing: await newKey('ing'), read: await newKey('read'), admin: await newKey('admin') },
  };
}
