import pg from 'pg';
import { migrate } from '../../migrations/run.ts';
import { checkDatabase } from './checks.ts';
import { Complaint } from './fail.ts';

/** @throws Complaint */
export async function applyMigrations(url: string | undefined): Promise<void> {
  if (url === undefined) {
    throw new Complaint('Set DATABASE_URL to the database that shall be migrated.');
  }
  if (new URL(url).hostname.includes('-pooler.')) {
    throw new Complaint(
      "DATABASE_URL is Neon's pooler, which cannot hold the locks of a migration. Use the direct URL, without -pooler.",
    );
  }
  await checkDatabase(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const applied = await migrate({
      exec: async (sql) => void (await client.query(sql)),
      query: async (sql, params) => (await client.query(sql, params)).rows,
    });
    for (const name of applied) console.log(`✓ ${name}`);
    console.log(applied.length === 0 ? 'The database is up to date.' : 'The database is migrated.');
  } finally {
    await client.end();
  }
}
