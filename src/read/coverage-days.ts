import type { Row, Statement } from '../database.ts';
import type { DaysSeen } from './day-states.ts';

/** Which metrics and days; without a list all metrics, without days the last ninety. */
export interface CoverageQuestion {
  userId: string;
  from: string | null;
  to: string | null;
  metrics: readonly string[] | null;
  /** Metrics whose name comes after this one, and how many. */
  after: string | null;
  limit: number;
}

const DEFAULT_DAYS = 90;
/** Days before and after that tell what is usual (day-states.ts). */
const AROUND_DAYS = 28;
/** Before those so many days with data, however long ago: they tell how often a metric comes. */
const EARLIER_DAYS = 60;

/** Days of `metric` that have data, each with how many samples: of totals, and of sleep its nights. */
const DAYS = {
  totals: `
    select day, samples from day_totals
    where user_id = $1::uuid and day_totals.metric = metric.name and samples > 0
      and day < case when anew.since is null then 'infinity' else coalesce(anew.done_until, '-infinity') end`,
  nights: 'select day, samples from nights',
};

/** What is asked of them. One reading of the key each, however long the history. */
const seenIn = (days: string): string => `
  select
    (select min(day) from (${days}) as every) as beginning,
    jsonb_agg(day - date '1970-01-01' order by day) as days,
    jsonb_agg(samples order by day) as samples
  from (
    select day, samples from (${days}) as every
    where day between span.near_first and span.near_last
    union all
    (
      select day, samples from (${days}) as every
      where day < span.near_first
      order by day desc
      limit ${EARLIER_DAYS}
    )
  ) as near`;

/** One row a metric in the order of their names, with the span that was asked for; `beginning` is null without data. */
export const selectCoverageDays = ({
  userId,
  from,
  to,
  metrics,
  after,
  limit,
}: CoverageQuestion): Statement => ({
  text: `
    with span as materialized (
      -- Computed here: behind row-level security an index takes plain columns, not sums, to compare with.
      select today, first, last, first - ${AROUND_DAYS} as near_first, last + ${AROUND_DAYS} as near_last
      from users
      cross join lateral (select (now() at time zone time_zone)::date as today) as clock
      cross join lateral (select least($3::date, today) as last) as ending
      cross join lateral (select coalesce($2::date, last - ${DEFAULT_DAYS - 1}) as first) as beginning
      where id = $1::uuid
    ),
    metric as materialized (
      select metric as name, jsonb_agg(distinct grouping) as groupings
      from series
      where user_id = $1::uuid and grouping <> 'workout' and ($4::jsonb is null or $4::jsonb ? metric)
        and ($5::text is null or metric > $5)
      group by metric
      order by metric
      limit $6::int
    ),
    nights as materialized (
      select day, count(*)::int as samples from sleep_nights
      where series_id in (select id from series where user_id = $1::uuid and metric = 'sleep_analysis')
      group by day
    ),
    anew as materialized (
      select metric, since, done_until from stale_metrics where user_id = $1::uuid
    ),
    seen as (
      select metric.name, metric.groupings, anew.since is not null as anew,
        (anew.done_until - 1)::text as known_to, of_metric.*
      from span
      cross join metric
      left join anew on anew.metric = metric.name
      cross join lateral (${seenIn(DAYS.totals)}) as of_metric
      where metric.name <> 'sleep_analysis'
      union all
      select metric.name, metric.groupings, false, null, of_metric.*
      from span
      cross join metric
      cross join lateral (${seenIn(DAYS.nights)}) as of_metric
      where metric.name = 'sleep_analysis'
    )
    select name, groupings, anew, known_to, beginning::text, days, samples,
      span.first::text as from, span.last::text as to, span.today::text as today
    from span
    cross join seen
    order by name`,
  params: [userId, from, to, metrics === null ? null : JSON.stringify(metrics), after, limit],
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
