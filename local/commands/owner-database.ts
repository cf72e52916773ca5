import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../migrations/run.ts';
import { asMigrated, openBackend, queryRows } from '../stack/database.ts';
import { checkDatabase } from './checks.ts';
import { Complaint } from './fail.ts';
import { lockDataDir } from './lock.ts';
import { runningSession } from './session.ts';
import { type LocalSettings, readLocalSettings } from './settings.ts';

/** The database of an installation with the rights of its owner: what commands need that change more than rows. */
export interface OwnerDatabase {
  query(sql: string, params: (string | null)[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/**
 * That of DATABASE_URL, else of the server that runs here, else the embedded one in DATA_DIR, for as long as no server
 * has it: it knows one process at a time.
 * @throws Complaint
 */
export async function openOwnerDatabase(): Promise<OwnerDatabase> {
  const settings = readLocalSettings(process.env);
  const session = runningSession(settings.DATA_DIR);
  const url = settings.DATABASE_URL ?? session?.databaseUrl ?? null;
  if (url !== null) return openServer(url);
  if (session !== null) {
    throw new Complaint(
      'The embedded database belongs to npm start while that runs. Stop it (Ctrl-C), run this, and start it again.',
    );
  }
  return openEmbedded(settings);
}

async function openServer(url: string): Promise<OwnerDatabase> {
  await checkDatabase(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const query = async (sql: string, params: (string | null)[]) =>
    (await client.query<Record<string, unknown>>(sql, params)).rows;
  const [row] = await query(`select to_regclass('partition_report') is not null as migrated`, []);
  if (!row?.migrated) {
    await client.end();
    throw new Complaint('The database lacks tables of this version. Run `npm run migrate`.');
  }
  return { query, close: () => client.end() };
}

async function openEmbedded({ DATA_DIR }: LocalSettings): Promise<OwnerDatabase> {
  if (!existsSync(join(DATA_DIR, 'postgres'))) {
    throw new Complaint(
      'There is no database here yet: npm start makes one. Or set DATABASE_URL to that of your installation.',
    );
  }
  const unlock = await lockDataDir(DATA_DIR);
  try {
    const backend = await openBackend(null, DATA_DIR);
    await migrate(asMigrated(backend));
    return {
      query: (sql, params) => queryRows(backend, sql, params),
      close: async () => {
        await backend.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}
