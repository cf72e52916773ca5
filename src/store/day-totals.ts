import type { Statement } from '../database.ts';

/**
 * The totals of days, kept by the load that changes a sample (migrations/0012, 0017). What one series says of a day is added
 * to what is known. A day that several series count in, that has become less, or whose least or greatest value may be gone,
 * is marked, and made anew from its samples before the transaction ends: a coarser series may cover it better now.
 */

/**
 * Part of an upsert: takes `wanted`, `stored` and `written` of store/samples.ts; $1 user id. A row that was corrected
 * meanwhile by others has a revision that does not follow the one that was read. Ordered, so that two loads never wait
 * for each other in a circle.
 */
export const TOUCH_DAYS = `
  eligible as (
    select wanted.id as series_id, wanted.metric, coalesce(metrics.kind = 'sum', false) as adds, users.time_zone as zone,
      case series.grouping when 'days' then interval '12 hours' else interval '0' end as shift,
      series.unit = coalesce(metrics.unit, effective_unit($1::uuid, wanted.metric)) and not exists (
        select from source_preferences
        where user_id = $1::uuid and series.source = any (excluded)
      ) as is_plain
    from wanted
    join series on series.id = wanted.id
    left join metrics on metrics.name = wanted.metric
    join users on users.id = $1::uuid
    where series.grouping not in ('weeks', 'months', 'years')
  ),
  differences as (
    select eligible.metric, eligible.adds, eligible.series_id, written.recorded_at, written.value, written.revision,
      ((written.recorded_at + eligible.shift) at time zone eligible.zone)::date as day,
      coalesce(written.min, written.value) as min,
      coalesce(written.max, written.value) as max,
      stored.value as was,
      coalesce(stored.min, stored.value) as was_min,
      coalesce(stored.max, stored.value) as was_max,
      eligible.is_plain
        and (
          written.revision is null
          or (stored.series_id is not null and written.revision = coalesce(stored.revision, 0) + 1)
        ) as is_plain
    from written
    join eligible using (series_id)
    left join stored
      on written.revision is not null
      and (stored.series_id, stored.recorded_at) = (written.series_id, written.recorded_at)
  ),
  touched as (
    insert into day_totals as known
      (user_id, metric, day, samples, total, min, max, last, last_at, series_id, stale, lost_min, lost_max)
    select $1::uuid, metric, day, count(*) - count(revision), sum(value - coalesce(was, 0)), min(min), max(max),
      (max(array[extract(epoch from recorded_at)::float8, value]))[2], max(recorded_at),
      min(series_id),
      min(series_id) <> max(series_id) or not bool_and(is_plain) or bool_or(adds and value < coalesce(was, 0)),
      min(was_min) filter (where was_min < min), max(was_max) filter (where was_max > max)
    from differences
    group by metric, day
    order by metric, day
    on conflict (user_id, metric, day) do update set
      samples = known.samples + excluded.samples,
      total = known.total + excluded.total,
      min = least(known.min, excluded.min),
      max = greatest(known.max, excluded.max),
      last = case when excluded.last_at >= known.last_at then excluded.last else known.last end,
      last_at = greatest(known.last_at, excluded.last_at),
      stale = known.stale or excluded.stale
        or known.series_id is distinct from excluded.series_id
        or coalesce(excluded.lost_min <= known.min, false)
        or coalesce(excluded.lost_max >= known.max, false)
  )`;

/** Hardly anyone has so many devices and apps, in so many groupings, that tell of one day. */
const MOST_SERIES = 8;

/** What the load has marked. Nothing marked: one look at an empty index. */
export const remakeStaleDays = (userId: string): Statement => ({
  text: 'select remake_stale_days($1::uuid, $2::int)',
  params: [userId, MOST_SERIES],
});
