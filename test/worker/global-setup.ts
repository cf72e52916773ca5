import { argon2id } from 'hash-wasm';
import type { TestProject } from 'vitest/node';
import { openEmbeddedPostgres } from '../../local/stack/embedded-postgres.ts';
import { serveJson } from '../../local/stack/http-server.ts';
import { startNeonEndpoint } from '../../local/stack/neon-endpoint.ts';
import type { SqlBackend } from '../../local/stack/sql-backend.ts';
import { createSwitch } from '../../local/stack/switch.ts';
import { migrate } from '../../migrations/run.ts';
import { hashOptions } from '../../src/keys/argon2-parameters.ts';
import { generateKey } from '../../src/keys/format.ts';
import type { KeyKind } from '../../src/model.ts';
import type { TestPerson } from './servers.d.ts';

/** A database around the Worker, for tests that run inside workerd and bring faults of their own. */

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await openEmbeddedPostgres('memory://');
  const rows = async (query: string, params: string[]) =>
    (await postgres.run({ query, params })).rows.map(([name, sha256]) => ({ name, sha256 }));
  await migrate({ exec: (sql) => postgres.exec(sql), query: rows });

  const ada = await newPerson(postgres, 'ada@example.org');
  const grace = await newPerson(postgres, 'grace@example.org');

  const neon = await startNeonEndpoint(postgres, createSwitch());
  // A server that is away still takes the connection: a refused one makes workerd write pages of stack traces.
  const away = await serveJson(async () => ({ status: 503, body: { error: 'away' } }));
  project.provide('servers', { neon: neon.url, away: away.url, ada, grace });
  return async () => {
    await away.stop();
    await neon.stop();
    await postgres.close();
  };
}

/** A Worker takes the cost from the hash; this one is not what the tests are about. */
const CHEAP = { memorySize: 8, iterations: 1 };

async function newPerson(postgres: SqlBackend, email: string): Promise<TestPerson> {
  const keys = await Promise.all(
    (['ing', 'read', 'admin'] as const).map(async (kind) => {
      const { key, lookup } = generateKey(kind);
      const secret_hash = await argon2id({ ...hashOptions(key), ...CHEAP });
      return { kind, key, row: { kind, lookup, secret_hash } };
    }),
  );
  const { rows } = await postgres.run({
    query: `
      with person as (insert into users (email) values ($1) returning id)
      insert into api_keys (user_id, kind, lookup, secret_hash, requests_per_hour, bytes_per_hour)
      select id, kind, lookup, secret_hash, 1000000, 1000000000
      from person, jsonb_to_recordset($2::jsonb) as row (kind text, lookup text, secret_hash text)
      returning user_id`,
    params: [email, JSON.stringify(keys.map(({ row }) => row))],
  });
  const keyOf = (kind: KeyKind) => keys.find((each) => each.kind === kind)?.key ?? '';
  return {
    id: String(rows[0]?.[0]),
    keys: { ing: keyOf('ing'), read: keyOf('read'), admin: keyOf('admin') },
  };
}
