import type { Row, Statement } from '../database.ts';
import type { DaysSeen } from './day-states.ts';

/** Which metrics and days; without a list all metrics, without days the last ninety. */
export interface CoverageQuestion {
  userId: string;
  from: string | null;
  to: string | null;
  metrics: readonly string[] | null;
}

const DEFAULT_DAYS = 90;
/** Days before and after that tell what is usual (day-states.ts). */
const AROUND_DAYS = 28;
/** Before those so many days with data, however long ago: they tell how often a metric comes. */
const EARLIER_DAYS = 60;

/** The days of `metric.name` that have data, each with how many samples; for sleep its nights. */
const DAYS = `
  select day, samples from day_totals
  where user_id = $1::uuid and metric = metric.name and samples > 0
    and day < case when anew.since is null then 'infinity' else coalesce(anew.done_until, '-infinity') end
  union all
  select day, count(*)::int from sleep_nights
  where metric.name = 'sleep_analysis' and series_id in (
    select id from series where user_id = $1::uuid and metric = 'sleep_analysis'
  )
  group by day`;

/** One row a metric that has data, with the span that was asked for; none for a person without data. */
export const selectCoverageDays = ({ userId, from, to, metrics }: CoverageQuestion): Statement => ({
  text: `
    with span as (
      select today, last, coalesce($2::date, last - ${DEFAULT_DAYS - 1}) as first
      from users
      cross join lateral (select (now() at time zone time_zone)::date as today) as clock
      cross join lateral (select least($3::date, today) as last) as ending
      where id = $1::uuid
    ),
    metric as (
      select metric as name, jsonb_agg(distinct grouping) as groupings
      from series
      where user_id = $1::uuid and grouping <> 'workout' and ($4::jsonb is null or $4::jsonb ? metric)
      group by metric
    )
    select
      span.first::text as from, span.last::text as to, span.today::text as today,
      metric.name, metric.groupings, seen.beginning::text as beginning, seen.days, seen.samples,
      anew.since is not null as anew, (anew.done_until - 1)::text as known_to
    from span
    cross join metric
    left join stale_metrics as anew
      on (anew.user_id, anew.metric) = ($1::uuid, metric.name) and metric.name <> 'sleep_analysis'
    cross join lateral (
      select
        (select min(day) from (${DAYS}) as every) as beginning,
        jsonb_agg(day - date '1970-01-01' order by day) as days,
        jsonb_agg(samples order by day) as samples
      from (
        select day, samples from (${DAYS}) as every
        where day between span.first - ${AROUND_DAYS} and span.last + ${AROUND_DAYS}
        union all
        (
          select day, samples from (${DAYS}) as every
          where day < span.first - ${AROUND_DAYS}
          order by day desc
          limit ${EARLIER_DAYS}
        )
      ) as near
    ) as seen
    where seen.beginning is not null or anew.since is not null
    order by metric.name`,
  params: [userId, from, to, metrics === null ? null : JSON.stringify(metrics)],
});

/** What is known of the days of one metric. */
export interface CoverageDays extends DaysSeen {
  metric: string;
  groupings: string[];
  from: string;
  to: string;
  today: string;
  /** The first day that has data. */
  beginning: string | null;
  /** Its days are being made anew: the last one that is known, or `null` for none. */
  anew: { knownTo: string | null } | null;
}

const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));

export const toCoverageDays = (row: Row): CoverageDays => ({
  metric: String(row.name),
  groupings: row.groupings as string[],
  from: String(row.from),
  to: String(row.to),
  today: String(row.today),
  beginning: textOrNull(row.beginning),
  days: (row.days ?? []) as number[],
  samples: (row.samples ?? []) as number[],
  anew: row.anew === true ? { knownTo: textOrNull(row.known_to) } : null,
});
