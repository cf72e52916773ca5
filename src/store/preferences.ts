import type { Row, Statement } from '../database.ts';
import type { Json } from '../model.ts';

/** Metrics whose days have to be made anew (migrations/0012), `where` naming which series of the person $1. */
const staling = (where: string): string => `
  insert into stale_metrics (user_id, metric)
  select distinct $1::uuid, series.metric
  from series
  where series.user_id = $1::uuid and grouping not in ('workout', 'none') and ${where}
  on conflict (user_id, metric) do update set since = clock_timestamp(), done_until = null`;

/** What shall change; `null` stays as it is. */
export interface PreferenceChange {
  timeZone: string | null;
  /** ISO's number of the day. */
  weekStart: number | null;
  /** Stored unit to shown unit; `null` takes a choice back. */
  units: Readonly<Record<string, string | null>>;
}

/**
 * A statement of its own before a change of how days are counted: it waits for loads that are under way (each holds a lock
 * on its person), and what comes after it sees what they have stored.
 */
export const awaitLoads = (userId: string): Statement => ({
  text: 'select 1 from users where id = $1::uuid for update',
  params: [userId],
});

/** Each makes all days of a person stale. */
export const MAX_ZONE_CHANGES_A_DAY = 5;

/** Before a change: fails with {@link ZONE_CHANGES_EXCEEDED} where the zone has changed often enough. */
export const allowZoneChange = (userId: string, zone: string): Statement => ({
  text: 'select allow_zone_change($1::uuid, $2, $3::int)',
  params: [userId, zone, MAX_ZONE_CHANGES_A_DAY],
});

/** Of migrations/0022. */
export const ZONE_CHANGES_EXCEEDED = 'SS004';

/**
 * One row: the preferences as they are then, and whether the zone has changed, which makes all days of the person
 * stale. Fails with {@link ZONE_UNKNOWN} where Postgres does not know the zone.
 */
export const changePreferences = (userId: string, change: PreferenceChange): Statement => ({
  text: `
    with former as (
      select time_zone from users where id = $1::uuid for update
    ),
    changed as (
      update users set
        time_zone = coalesce($2, users.time_zone),
        week_start = coalesce($3::smallint, week_start),
        units = jsonb_strip_nulls(units || $4::jsonb)
      from former
      where id = $1::uuid and now() at time zone coalesce($2, 'UTC') is not null
      returning users.time_zone, week_start, units, users.time_zone <> former.time_zone as moved
    ),
    stale as (${staling('(select moved from changed)')})
    select * from changed`,
  params: [userId, change.timeZone, change.weekStart, JSON.stringify(change.units)],
});

/** Postgres' code for a parameter that is not valid. */
export const ZONE_UNKNOWN = '22023';

export interface SourceChoice {
  userId: string;
  scope: 'metric' | 'category';
  name: string;
}

/** Whether the metric of a series is one that a list of $2 scope and $3 name decides about. */
const DECIDED = `
  case $2
    when 'metric' then series.metric = $3
    else coalesce((select category from metrics where name = series.metric), 'other') = $3 and not exists (
      select from source_preferences as own
      where (own.user_id, own.scope, own.name) = ($1::uuid, 'metric', series.metric)
    )
  end`;

/** One row if that changed anything. Sources as in series. */
export const putSources = (
  { userId, scope, name }: SourceChoice,
  lists: { ranked: readonly string[]; excluded: readonly string[] },
): Statement => ({
  text: `
    with changed as (
      insert into source_preferences as present (user_id, scope, name, ranked, excluded)
      values ($1::uuid, $2, $3,
        array(select source from jsonb_array_elements_text($4::jsonb) with ordinality as listed (source, place) order by place),
        array(select jsonb_array_elements_text($5::jsonb)))
      on conflict (user_id, scope, name) do update
        set ranked = excluded.ranked, excluded = excluded.excluded, changed_at = now()
        where (present.ranked, present.excluded) is distinct from (excluded.ranked, excluded.excluded)
      returning 1
    ),
    stale as (${staling(`exists (select from changed) and ${DECIDED}`)})
    select * from changed`,
  params: [userId, scope, name, JSON.stringify(lists.ranked), JSON.stringify(lists.excluded)],
});

/** One row if there was such a list. */
export const deleteSources = ({ userId, scope, name }: SourceChoice): Statement => ({
  text: `
    with changed as (
      delete from source_preferences where (user_id, scope, name) = ($1::uuid, $2, $3) returning 1
    ),
    stale as (${staling(`exists (select from changed) and ${DECIDED}`)})
    select * from changed`,
  params: [userId, scope, name],
});

/** Every source that a person's samples have come from. */
export const selectSeenSources = (userId: string): Statement => ({
  text: `
    select distinct source from series
    where user_id = $1::uuid and grouping not in ('workout', 'none')`,
  params: [userId],
});

/** Every metric that a person has, also those that the catalogue does not know. */
export const selectMetricNames = (userId: string): Statement => ({
  text: 'select distinct metric from series where user_id = $1::uuid',
  params: [userId],
});

export const toMetricName = (row: Row): string => String(row.metric);

/** By which the keys of a person are remembered, with what was true of the person then. */
export const selectLookups = (userId: string): Statement => ({
  text: `
    select lookup from api_keys
    where user_id = $1::uuid and revoked_at is null and coalesce(expires_at > now(), true)`,
  params: [userId],
});

export const toLookup = (row: Row): string => String(row.lookup);
export const toSource = (row: Row): string => String(row.source);

/** Which fields of a change say something, for the audit log: never what they say. */
export const changedFields = (change: Readonly<Record<string, unknown>>): Json =>
  Object.keys(change).sort();
