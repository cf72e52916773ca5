/**
 * A person's nights, told by the app or made of segments, and what each stands for on its day. SQL that the list and
 * the single night share, so that both say the same.
 *
 * - Segments of one source no more than an hour apart are a night. Where the app has sent its own sum of the same
 *   sleep, that stands instead. Stages of two sources are never added up.
 * - A night belongs to the day of waking.
 * - Of what several sources tell of a day, one night counts: of those that run beside the longest sleep of the day, the
 *   one whose source the person ranks highest (else watches, others, phones), and of one source the longest.
 * - What does not run beside that one is a nap.
 */

interface Span {
  /** SQL of the instants between which nights are looked at. Days of their own at both ends make no difference. */
  low: string;
  high: string;
}

/** Common table expressions that end in `judged`. `$1` is the person, `$2` the zone whose days are meant, or null. */
export const nights = ({ low, high }: Span): string =>
  [SOURCES, segments(low, high), told(low, high), DATED, JUDGED].join(',\n');

const SOURCES = `
  sources as materialized (
    select series.id as series_id, series.source, series.display_name, users.time_zone,
      array_position(coalesce(own.ranked, shared.ranked), series.source) as place,
      case when series.source ilike '%watch%' then 1 when series.source ilike '%phone%' then 3 else 2 end as device,
      series.source = any (coalesce(own.excluded, shared.excluded, '{}')) as is_excluded
    from series
    join users on users.id = series.user_id
    left join source_preferences as own
      on (own.user_id, own.scope, own.name) = (series.user_id, 'metric', 'sleep_analysis')
    left join source_preferences as shared
      on (shared.user_id, shared.scope, shared.name) = (series.user_id, 'category', 'sleep')
    where series.user_id = $1::uuid and series.metric = 'sleep_analysis' and series.grouping = 'none'
  )`;

/** As the view sleep_from_stages has it, of one person and span. Lying in bed runs beside the stages. */
const segments = (low: string, high: string): string => `
  marked as (
    select series_id, stage.started_at, stage.ended_at, stage.stage,
      case
        when stage.started_at <= max(stage.ended_at) over earlier + interval '1 hour' then 0
        else 1
      end as begins
    from sources
    join sleep_stages as stage using (series_id)
    where stage.started_at >= ${low} and stage.started_at < ${high}
    window earlier as (
      partition by series_id order by stage.started_at, stage.ended_at, stage.stage
      rows between unbounded preceding and 1 preceding)
  ),
  numbered as (
    select *,
      stage not in ('in_bed', 'awake') as is_sleep,
      extract(epoch from ended_at - started_at)::float8 / 3600 as hours,
      sum(begins) over (partition by series_id order by started_at, ended_at, stage) as night
    from marked
  ),
  segments as (
    select series_id,
      max(ended_at) filter (where is_sleep) as ended_at,
      min(started_at) filter (where is_sleep) as began_at,
      min(started_at) filter (where stage = 'in_bed') as in_bed_from,
      max(ended_at) filter (where stage = 'in_bed') as in_bed_until,
      min(started_at) as lies_from,
      max(ended_at) as lies_until,
      sum(hours) filter (where is_sleep) as total,
      sum(hours) filter (where is_sleep and stage not in ('core', 'deep', 'rem')) as asleep,
      sum(hours) filter (where stage = 'core') as core,
      sum(hours) filter (where stage = 'deep') as deep,
      sum(hours) filter (where stage = 'rem') as rem,
      sum(hours) filter (where stage = 'awake') as awake,
      sum(hours) filter (where stage = 'in_bed') as in_bed
    from numbered
    group by series_id, night
    having sum(hours) filter (where is_sleep) > 0
  )`;

const COLUMNS = `series_id, ended_at, began_at, in_bed_from, in_bed_until, lies_from, lies_until,
      total, asleep, core, deep, rem, awake, in_bed`;

/** Where a night has no beginning, the hours it lasted tell where it must have been. */
const told = (low: string, high: string): string => `
  told as (
    select night.*,
      least(began_at, in_bed_from, ended_at - greatest(total, in_bed, 0) * interval '1 hour') as lies_from,
      greatest(ended_at, in_bed_until) as lies_until
    from sources
    join sleep_nights as night using (series_id)
    where night.ended_at >= ${low} and night.ended_at < ${high}
  ),
  nights as (
    select ${COLUMNS}, day as told_day, plausible
    from told
    union all
    -- Sums of rounded spans may be some seconds longer than the night.
    select ${COLUMNS}, null, total * 3600 <= extract(epoch from ended_at - began_at) + 60
    from segments
    -- Counted one by one through the key: a join would compare all with all.
    where (
      select count(*) from sleep_nights as sums
      where sums.series_id = segments.series_id
        and sums.ended_at > segments.began_at
        and sums.ended_at < segments.ended_at + interval '2 days'
        and coalesce(sums.began_at, sums.ended_at - interval '12 hours') < segments.ended_at
    ) = 0
  )`;

/** The app names the day by the phone's own clock; another zone has days of its own. */
const DATED = `
  dated as (
    select nights.*, source, display_name, place, device, is_excluded,
      case
        when $2::text is null then coalesce(told_day, (ended_at at time zone time_zone)::date)
        else (ended_at at time zone $2::text)::date
      end as day,
      coalesce(began_at, lies_from) as sleeps_from
    from nights
    join sources using (series_id)
  )`;

/** By windows, not by joins: how many nights there are is what the planner knows least. */
const JUDGED = `
  compared as (
    select *,
      first_value(sleeps_from) over longest as longest_from,
      first_value(ended_at) over longest as longest_until
    from dated
    window longest as (
      partition by day order by is_excluded, plausible desc, total desc, place, device, source, ended_at)
  ),
  candidates as (
    select *, not is_excluded and sleeps_from <= longest_until and ended_at >= longest_from as may_count
    from compared
  ),
  judged as (
    select *,
      may_count and row_number() over preferred = 1 as counts,
      first_value(may_count) over preferred
        and (sleeps_from > first_value(ended_at) over preferred
          or ended_at < first_value(sleeps_from) over preferred) as is_nap
    from candidates
    window preferred as (
      partition by day order by may_count desc, place, device, source, plausible desc, total desc, ended_at)
  )`;
