import type { ExportTable } from '../../src/read/export-tables.ts';

/**
 * Rows of an export back into their table, as SQL: $1 the rows as a JSON list, $2 the person, $3 and $4 the numbers of
 * series and workouts in the export and here, $5 the key that receipts hang on. What is there already stays as it is.
 */
export function insertRows(table: ExportTable): string {
  const columns = columnsOf(table);
  return `
    with known as (select $2::uuid as user_id, $3::jsonb as series, $4::jsonb as workouts, $5::uuid as key_id),
    written as (
      insert into ${table.table} (${columns.map(([name]) => name).join(', ')})
      select ${columns.map(([, sql]) => sql).join(', ')}
      from known
      cross join jsonb_array_elements($1::jsonb) as line
      cross join lateral jsonb_populate_record(null::${table.table}, line) as row
      ${JOINS[table.of](table)}
      on conflict do nothing
      returning 1
    )
    select count(*) as rows from written`;
}

/** $1 rows, $2 the name of the table: the partitions that they go to exist after. */
export const ensurePartitionsOf = ({ time }: ExportTable): string => `
  select ensure_partitions($2, array(
    select distinct date_trunc('month', (line ->> '${time}')::timestamptz at time zone 'UTC') at time zone 'UTC'
    from jsonb_array_elements($1::jsonb) as line
  ))`;

const numbers = (name: string) => `
  join jsonb_to_recordset(known.${name}) as ${name} (there bigint, here bigint)
    on ${name}.there = (line ->> '${name === 'series' ? 'series' : 'workout'}')::bigint`;

const JOINS: Readonly<Record<ExportTable['of'], (table: ExportTable) => string>> = {
  person: () => '',
  series: () => numbers('series'),
  workouts: ({ columns }) =>
    numbers('workouts') + (columns.some(({ name }) => name === 'series') ? numbers('series') : ''),
  goals: () => 'join goals on goals.id = row.goal_id and goals.user_id = known.user_id',
  // Of this person: a receipt of the same id may be another's.
  uploads: () => `
    join ingestions on (ingestions.id, ingestions.received_at) = (row.ingestion_id, row.received_at)
      and ingestions.user_id = known.user_id`,
};

/** A way of the export, as PostGIS reads it. */
const TRACK = `(
  select 'SRID=4326;LINESTRING Z (' || string_agg(
    concat_ws(' ', point ->> 0, point ->> 1, point ->> 2), ',' order by i) || ')'
  from jsonb_array_elements(line -> 'coordinates') with ordinality as each (point, i)
)::geography`;

/** Columns that are not simply what the row says. */
const OTHERWISE: Readonly<Record<string, readonly [name: string, sql: string]>> = {
  series: ['series_id', 'series.here'],
  workout: ['workout_id', 'workouts.here'],
  coordinates: ['track', TRACK],
  key_id: ['key_id', 'known.key_id'],
  counts: ['counts', 'pack_counts(row.counts)'],
  // Never where another's body is, whatever the export says.
  raw_key: [
    'raw_key',
    `case
      when row.raw_key ~ '^raw/\\d{4}-\\d\\d-\\d\\dT\\d\\d/[^/]+/[^/]+$'
        then regexp_replace(row.raw_key, '^(raw/[^/]+)/[^/]+/', '\\1/' || known.user_id || '/')
      -- Before release 0.5 the person stood first.
      else regexp_replace(row.raw_key, '^[^/]*/[^/]*/', 'raw/' || known.user_id || '/')
    end`,
  ],
};

function columnsOf({ table, columns }: ExportTable): (readonly [string, string])[] {
  const own = columns
    // Here it gets a number of its own.
    .filter(({ name }) => !(name === 'id' && table === 'workouts'))
    .map(({ name }) => OTHERWISE[name] ?? ([name, `row.${name}`] as const));
  const hasPerson = [
    'workouts',
    'events',
    'source_preferences',
    'goals',
    'ingestions',
    'workout_routes',
  ];
  return hasPerson.includes(table) ? [['user_id', 'known.user_id'], ...own] : own;
}

/** $1 rows of workouts, $2 the person. Their numbers in the export, and here. */
export const WORKOUT_NUMBERS = `
  select (line ->> 'id')::bigint as there, workouts.id as here
  from jsonb_array_elements($1::jsonb) as line
  join workouts on workouts.user_id = $2::uuid
    and (external_id, started_at) = (line ->> 'external_id', (line ->> 'started_at')::timestamptz)`;

/** $1 rows of series, $2 the person. */
export const SERIES_NUMBERS = `
  select (line ->> 'id')::bigint as there, series.id as here
  from jsonb_array_elements($1::jsonb) as line
  join series on series.user_id = $2::uuid
    and (metric, source, grouping, context, unit)
      = (line ->> 'metric', line ->> 'source', line ->> 'grouping', line ->> 'context', line ->> 'unit')`;

/** $1 the person. What days come to is made anew from what was stored. */
export const STALE = `
  insert into stale_metrics (user_id, metric)
  select distinct user_id, metric from series where user_id = $1::uuid and grouping not in ('workout', 'none')
  on conflict (user_id, metric) do update set since = clock_timestamp(), done_until = null`;

/** $1 e-mail, $2 time zone, $3 first day of the week, $4 units: of a person who is new; one who is known keeps theirs. */
export const PERSON = `
  insert into users (email, time_zone, week_start, units)
  values (lower(btrim($1)), $2, $3::smallint, $4::jsonb)
  on conflict (email) do update set email = excluded.email
  returning id`;

/** $1 the person, $2 a lookup, $3 a hash that no key has. Receipts hang on a key, which opens nothing. */
export const IMPORT_KEY = `
  with known as (select id from api_keys where user_id = $1::uuid and name = 'import' and secret_hash = $3 limit 1),
  made as (
    insert into api_keys (user_id, kind, name, lookup, secret_hash, revoked_at)
    select $1::uuid, 'ing', 'import', $2, $3, now() where not exists (select from known)
    returning id
  )
  select id from known union all select id from made`;
