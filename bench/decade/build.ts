import cliProgress from 'cli-progress';
import type pg from 'pg';
import { HISTORY, LAST_YEAR, METRICS_OF_HISTORY, ROUTES, ZONE } from './history.ts';

/** Fills a database with years of one person, by SQL alone: month after month, then routes, then the totals of days. */

const EMAIL = 'decade@example.org';

/** @returns the person, or `null` if the database has not been filled to the end */
export async function findDecade(client: pg.Client): Promise<string | null> {
  const { rows: tables } = await client.query(
    `select to_regclass('day_totals') is not null as are`,
  );
  if (tables[0]?.are !== true) return null;
  const { rows } = await client.query(
    'select id from users where email = $1 and not exists (select from stale_metrics)',
    [EMAIL],
  );
  return rows[0]?.id ?? null;
}

/** Months of full years, the last of them December of the last year. */
function monthsOf(years: number): string[] {
  return Array.from({ length: years * 12 }, (_, i) =>
    new Date(Date.UTC(LAST_YEAR + 1 - years, i)).toISOString().slice(0, 10),
  );
}

/** In a database that is migrated. What an interrupted run has left is begun again. */
export async function buildDecade(client: pg.Client, years: number): Promise<string> {
  const { rows } = await client.query(
    `insert into users (email, time_zone) values ($1, $2)
     on conflict (email) do update set email = excluded.email returning id`,
    [EMAIL, ZONE],
  );
  const person = String(rows[0]?.id);
  const insertStale =
    'insert into stale_metrics select $1, unnest($2::text[]) on conflict do nothing';
  await client.query(insertStale, [person, METRICS_OF_HISTORY]);
  await client.query('delete from series where user_id = $1', [person]);
  await client.query('truncate samples, day_totals, workouts, workout_routes');
  await client.query(INSERT_SERIES, [person, JSON.stringify(HISTORY)]);
  await client.query('set synchronous_commit = off');
  await client.query('set jit = off');
  await client.query('select setseed(0.42)');

  const months = monthsOf(years);
  await withBar('months of samples', months, async (month) => {
    await client.query(
      `select ensure_partitions('samples', array[$1::timestamptz - interval '1 day', $1::timestamptz])`,
      [month],
    );
    await client.query(INSERT_SAMPLES, [person, month, JSON.stringify(HISTORY)]);
  });
  await withBar('years of routes', monthsOf(years).filter(isJanuary), async (year) => {
    await client.query(
      `select ensure_partitions(name, array[$1::timestamptz])
       from unnest('{workouts,workout_routes}'::text[]) as name`,
      [year],
    );
    await client.query(INSERT_ROUTES, [person, year, ROUTES / years]);
  });
  await client.query('analyze');
  await withBar('months of totals', months, async (month) => {
    await client.query(REMAKE_MONTH, [person, month, METRICS_OF_HISTORY]);
  });
  await client.query('delete from stale_metrics');
  await client.query('vacuum analyze');
  return person;
}

const isJanuary = (month: string): boolean => month.slice(5, 7) === '01';

async function withBar(
  what: string,
  steps: readonly string[],
  work: (step: string) => Promise<void>,
): Promise<void> {
  const bar = new cliProgress.SingleBar({ format: `  {bar} {value} of {total} ${what}` });
  bar.start(steps.length, 0);
  for (const step of steps) {
    await work(step);
    bar.increment();
  }
  bar.stop();
}

const INSERT_SERIES = `
  insert into series (user_id, metric, source, grouping, context, unit, display_name)
  select $1::uuid, metric, source, grouping, '', metrics.unit, source
  from jsonb_to_recordset($2::jsonb) as history (metric text, source text, grouping text)
  join metrics on metrics.name = metric`;

/** Days begin at midnight in the person's zone, as the app stamps them. Chance is a hash, so that each run is the same. */
const INSERT_SAMPLES = `
  insert into samples (series_id, recorded_at, received_at, value, min, max)
  select series.id, moment, now(), value,
    case when metric = 'heart_rate' then value - 3 end,
    case when metric = 'heart_rate' then value + 3 end
  from jsonb_to_recordset($3::jsonb)
    as history (metric text, source text, grouping text, every int, share float8, "from" float8, "to" float8)
  join series using (metric, source, grouping)
  cross join lateral generate_series(
    case when grouping = 'days' then $2::timestamp at time zone '${ZONE}' else $2::timestamp at time zone 'UTC' end,
    ($2::timestamp + interval '1 month' - interval '1 second') at time zone 'UTC' - interval '2 hours',
    make_interval(secs => every)
  ) as moment
  cross join lateral (
    select hashint8extended(extract(epoch from moment)::bigint, series.id) as hash
  ) as of_moment
  cross join lateral (
    select round(("from" + (hash & 65535) / 65536.0 * ("to" - "from"))::numeric, 2)::float8 as value
  ) as drawn
  where series.user_id = $1::uuid and ((hash >> 16) & 65535) / 65536.0 < share
  order by series.id, moment
  on conflict do nothing`;

/** Ways of half an hour around places all over Europe. */
const INSERT_ROUTES = `
  with walked as (
    insert into workouts (user_id, external_id, started_at, received_at, name, version, source, attributes, fingerprint)
    select $1::uuid, n::text, $2::timestamptz + (n * interval '364 days' / $3::int), now(), 'Outdoor Walk', 2, 'Ada Watch', '{}', 0
    from generate_series(1, $3::int) as n
    returning id, started_at
  )
  insert into workout_routes (workout_id, started_at, user_id, received_at, points, track, recorded_at, speed, course,
    horizontal_accuracy, vertical_accuracy, speed_accuracy, course_accuracy, fingerprint)
  select id, started_at, $1::uuid, now(), 60, way.track, way.times, way.zeros, way.zeros,
    way.zeros, way.zeros, way.zeros, way.zeros, 0
  from (
    select id, started_at, -9 + random() * 30 as lon, 37 + random() * 22 as lat
    from walked
    offset 0
  ) as place
  cross join lateral (
    select
      st_makeline(array_agg(st_setsrid(st_makepoint(lon + step * 0.0005, lat + sin(step) * 0.001, 30), 4326) order by step))::geography as track,
      array_agg(started_at + step * interval '30 seconds' order by step) as times,
      array_agg(0::real) as zeros
    from generate_series(1, 60) as step
  ) as way`;

const REMAKE_MONTH = `
  select remake_days($1::uuid, metric, $2::date, ($2::date + interval '1 month')::date)
  from unnest($3::text[]) as metric`;
