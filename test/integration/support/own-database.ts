import pg from 'pg';
import { asMigrated } from '../../../local/stack/database.ts';
import { openRealPostgres } from '../../../local/stack/real-postgres.ts';
import { migrate } from '../../../migrations/run.ts';

/** A migrated database of one test's own on a server: what it does to tables is nobody else's business. */
export async function createOwnDatabase(
  serverUrl: string,
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `own_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const onServer = async (sql: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await onServer(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const backend = openRealPostgres(url.href);
  await migrate(asMigrated(backend));
  await backend.close();
  return { url: url.href, drop: () => onServer(`drop database ${name} with (force)`) };
}
