import { argon2id } from 'hash-wasm';
import type { TestProject } from 'vitest/node';
import { openEmbeddedPostgres } from '../../local/stack/embedded-postgres.ts';
import { serveJson } from '../../local/stack/http-server.ts';
import { startNeonEndpoint } from '../../local/stack/neon-endpoint.ts';
import { createSwitch } from '../../local/stack/switch.ts';
import { migrate } from '../../migrations/run.ts';
import { hashOptions } from '../../src/keys/argon2-parameters.ts';
import { generateKey } from '../../src/keys/format.ts';

/** A database around the Worker, for tests that run inside workerd and bring faults of their own. */

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await openEmbeddedPostgres('memory://');
  const rows = async (query: string, params: string[]) =>
    (await postgres.run({ query, params })).rows.map(([name, sha256]) => ({ name, sha256 }));
  await migrate({ exec: (sql) => postgres.exec(sql), query: rows });

  const { key, lookup } = generateKey('ing');
  await postgres.run({
    query: `
      with person as (insert into users (email) values ('ada@example.org') returning id)
      insert into api_keys (user_id, kind, lookup, secret_hash, requests_per_hour, bytes_per_hour)
      select id, 'ing', $1, $2, 1000000, 1000000000 from person`,
    params: [lookup, await argon2id(hashOptions(key))],
  });

  const neon = await startNeonEndpoint(postgres, createSwitch());
  // A server that is away still takes the connection: a refused one makes workerd write pages of stack traces.
  const away = await serveJson(async () => ({ status: 503, body: { error: 'away' } }));
  project.provide('servers', { neon: neon.url, away: away.url, ingestKey: key });
  return async () => {
    await away.stop();
    await neon.stop();
    await postgres.close();
  };
}
