import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { METRICS } from '../src/catalog/metrics.ts';

/** Brings a database to the present schema. Each file is one transaction, applied once, never edited after. */

/** What a migration needs of a database. */
export interface MigratedDatabase {
  /** Several statements without parameters. */
  exec(sql: string): Promise<void>;
  query(sql: string, params: string[]): Promise<Record<string, unknown>[]>;
}

export class MigrationRefused extends Error {
  override name = 'MigrationRefused';
}

interface Migration {
  name: string;
  sql: string;
  sha256: string;
}

/** @returns the names of the migrations that were missing. @throws MigrationRefused */
export async function migrate(database: MigratedDatabase): Promise<string[]> {
  await database.exec(`
    select ${TAKE_LOCK};
    create table if not exists schema_migrations (
      name text primary key,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`);
  const rows = await database.query('select name, sha256 from schema_migrations', []);
  const applied = new Map(rows.map((row) => [String(row.name), String(row.sha256)]));
  const pending = readMigrations().filter(({ name, sha256 }) => isPending(applied, name, sha256));
  for (const migration of pending) await database.exec(transactionOf(migration));
  await database.exec(`select ${TAKE_LOCK}; select grant_to_workers()`);
  await database.query(UPSERT_CATALOGUE, [JSON.stringify(METRICS)]);
  return pending.map(({ name }) => name);
}

function readMigrations(): Migration[] {
  const folder = new URL('.', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    });
}

function isPending(applied: Map<string, string>, name: string, sha256: string): boolean {
  const known = applied.get(name);
  if (known !== undefined && known !== sha256) {
    throw new MigrationRefused(
      `${name} has changed since it was applied. Put it back, and write a new migration instead.`,
    );
  }
  return known === undefined;
}

/** Until the end of the transaction, which several statements sent at once are. */
const TAKE_LOCK = `pg_advisory_xact_lock(hashtext('self-sensored migrations'))`;

/** Names and hashes are ours, so they may stand in the text. A second runner waits, then finds it applied. */
const transactionOf = ({ name, sql, sha256 }: Migration): string => `
  do $once$
  begin
    perform ${TAKE_LOCK};
    if not exists (select from schema_migrations where name = '${name}') then
      insert into schema_migrations (name, sha256) values ('${name}', '${sha256}');
      execute $migration$${sql}$migration$;
    end if;
  end
  $once$`;

/** Makes the table the catalogue of the code, no more and no less: nothing else writes it (migrations/0020). */
const UPSERT_CATALOGUE = `
  with known as (
    select * from jsonb_to_recordset($1::jsonb)
      as known (name text, title text, category text, kind text, unit text)
  ),
  gone as (
    delete from metrics where name not in (select name from known) returning name
  ),
  -- Counted in another way from now on.
  changed as (
    select name from known
    left join metrics using (name)
    where (metrics.category, metrics.kind, metrics.unit) is distinct from (known.category, known.kind, known.unit)
    union all
    select name from gone
  ),
  stale as (
    insert into stale_metrics (user_id, metric)
    select distinct user_id, metric
    from series
    where metric in (select name from changed) and grouping not in ('workout', 'none')
    on conflict (user_id, metric) do update set since = clock_timestamp(), done_until = null
  ),
  numbered as (
    insert into metric_numbers (name)
    select name from known where name not in (select name from metric_numbers)
    on conflict do nothing
  )
  insert into metrics (name, title, category, kind, unit)
  select name, title, category, kind, unit from known
  on conflict (name) do update set
    title = excluded.title,
    category = excluded.category,
    kind = excluded.kind,
    unit = excluded.unit`;
