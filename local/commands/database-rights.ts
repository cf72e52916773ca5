import type { Client } from 'pg';
import { Complaint } from './fail.ts';

/** Whether the role of a DATABASE_URL may do what the migrations do, tried in a transaction that is taken back. */

const DENIED = '42501';
/** It could not be made before. */
const NO_SUCH_ROLE = '42704';
const ROLES = ['self_sensored_reader', 'self_sensored_app'] as const;

/** What needs rights, and what a superuser runs in its place. */
const needs = (login: string, database: string): { tried: string; cure: string }[] => [
  {
    tried: 'create extension if not exists postgis',
    cure: 'create extension if not exists postgis;',
  },
  ...ROLES.map((role) => ({
    tried: `do $$ begin
      if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
      if not pg_has_role(current_user, '${role}', 'member') then execute format('grant ${role} to %I', current_user); end if;
    end $$`,
    cure: `do $$ begin create role ${role} nologin noinherit; exception when duplicate_object then null; end $$; grant ${role} to ${login} with admin option;`,
  })),
  {
    tried:
      "do $$ begin if not pg_has_role('self_sensored_app', 'self_sensored_reader', 'member') then grant self_sensored_reader to self_sensored_app; end if; end $$",
    cure: 'grant self_sensored_reader to self_sensored_app;',
  },
  {
    tried: 'create schema rights_of_a_start',
    cure: `grant create on database ${database} to ${login};`,
  },
  {
    tried: 'create table public.rights_of_a_start ()',
    cure: `grant create, usage on schema public to ${login};`,
  },
];

/** Nothing is tried in a database that has been migrated. @throws Complaint */
export async function checkRights(client: Client): Promise<void> {
  const { rows } = await client.query<{ login: string; database: string; migrated: boolean }>(
    `select quote_ident(current_user) as login, quote_ident(current_database()) as database,
            to_regclass('public.schema_migrations') is not null as migrated`,
  );
  const [found] = rows;
  if (found === undefined || found.migrated) return;
  await client.query('begin');
  try {
    const cures: string[] = [];
    for (const { tried, cure } of needs(found.login, found.database)) {
      if (!(await isAllowed(client, tried))) cures.push(cure);
    }
    if (cures.length === 0) return;
    throw new Complaint(
      `The role ${found.login} of DATABASE_URL may not do all that the first start needs. Let a superuser run in the database ${found.database}: ${cures.join(' ')}`,
    );
  } finally {
    await client.query('rollback');
  }
}

async function isAllowed(client: Client, sql: string): Promise<boolean> {
  await client.query('savepoint tried');
  try {
    await client.query(sql);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    await client.query('rollback to savepoint tried');
    if (code === DENIED || code === NO_SUCH_ROLE) return false;
    if (code === '0A000' || code === '58P01') {
      throw new Complaint(
        'The server of DATABASE_URL has no PostGIS. Install it there, as in apt install postgresql-17-postgis-3.',
      );
    }
    throw error;
  }
}
