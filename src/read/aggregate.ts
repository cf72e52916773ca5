import { displayOf, readable, type UnitChoice } from '../catalog/display.ts';
import type { Row, Statement } from '../database.ts';
import {
  type Aggregation,
  type Bucket,
  beginningOf,
  firstDayOf,
  isShorterThanDay,
} from './buckets.ts';
import { COUNTED_PRESSURES, countedSamples, PRESSURES } from './counted.ts';
import { boundsOf, type Span, spanParameters } from './span.ts';
import { textArray } from './text-array.ts';
import { iso } from './values.ts';

/** What numbers of metrics come to, bucket by bucket, all sources together or only some. */
export interface AggregateQuestion {
  userId: string;
  /** Canonical names. */
  metrics: readonly string[];
  span: Span;
  bucket: Bucket;
  /** `null`: as the metric's values combine, which is their sum or their mean. */
  aggregation: Aggregation | null;
  /** Only these; `null` for all. */
  sources: readonly string[] | null;
  groupings: readonly string[] | null;
  /** Whether buckets without a number are told of. */
  fills: boolean;
}

/** What a metric comes to in a bucket. */
export interface Aggregate {
  metric: string;
  /** When the bucket begins. */
  start: string;
  /** The first local day of it, if it is made of days. */
  day: string | null;
  /** `null` if there is no number in it. */
  value: number | null;
  /** How many samples counted. */
  samples: number;
  /** Of the value: the catalogue's, or the one that the person's values have. */
  unit: string;
}

const latest = (at: string, value: string): string =>
  `(max(array[extract(epoch from ${at})::float8, ${value}]))[2]`;

const percentile = {
  p50: (value: string) => `percentile_cont(0.5) within group (order by ${value})`,
  p95: (value: string) => `percentile_cont(0.95) within group (order by ${value})`,
} as const;

/**
 * Of days and longer, from the totals of days. Where values add up, a week's `avg`, `min`, `max` and percentiles are those of its
 * days: nobody asks for the mean of minutes. Metrics whose totals are being made anew, and questions that the totals cannot
 * answer (another zone, only some sources), go to the samples.
 */
export const aggregateDays = (question: AggregateQuestion): Statement => ({
  text: `
    with ${boundsOf(true)},
    ${ASKED},
    days as (
      select metric, adds, day, samples, total, min, max, last, last_at
      from asked
      cross join bounds
      join day_totals using (metric)
      where is_kept and user_id = $1::uuid and day between first_day and last_day and samples > 0
      union all
      select metric, adds, day, count(*), sum(value), min(min), max(max),
        ${latest('recorded_at', 'value')}, max(recorded_at)
      from (${countedSamples('not is_kept', ALL_TIERS)}) as counted
      group by metric, adds, day
    ),
    made as (
      select metric, ${startOf(question.bucket)} as start, sum(samples) as samples,
        ${ofDays(question)} as value
      from days cross join bounds
      group by metric, adds, 2
    )
    ${ending(question)}`,
  params: parametersOf(question),
});

/** Of any bucket, from the samples that count. */
export const aggregateSamples = (question: AggregateQuestion): Statement =>
  aggregateCounted(question, countedSamples('true', tiersOf(question.bucket)));

/** Of any bucket, of `PRESSURES`. */
export const aggregatePressures = (question: AggregateQuestion): Statement =>
  aggregateCounted(question, COUNTED_PRESSURES);

const aggregateCounted = (question: AggregateQuestion, counted: string): Statement => ({
  text: `
    with ${boundsOf(!isShorterThanDay(question.bucket))},
    ${ASKED},
    counted as (${counted}),
    made as (
      select metric, ${startOf(question.bucket)} as start, count(*) as samples,
        ${ofSamples(question.aggregation)} as value
      from counted cross join bounds
      group by metric, adds, 2
    )
    ${ending(question)}`,
  params: parametersOf(question),
});

const ALL_TIERS = '{1,2,3,4}';

/** An hour's total says nothing of its minutes, and a day's nothing of its hours (migrations/0012: tiers). */
export const tiersOf = (bucket: Bucket): string =>
  bucket === 'minute' ? '{1,3}' : bucket === 'hour' ? '{1,2,3}' : ALL_TIERS;

export const ASKED = `
  asked as (
    select wanted.metric, coalesce(metrics.kind = 'sum', false) as adds,
      coalesce(effective_unit($1::uuid, wanted.metric), metrics.unit, '') as unit,
      is_own_zone and $8::text[] is null and $9::text[] is null and not exists (
        select from stale_metrics where (user_id, stale_metrics.metric) = ($1::uuid, wanted.metric)
      ) as is_kept
    from unnest($7::text[]) as wanted (metric)
    left join metrics on metrics.name = wanted.metric
    cross join bounds
  )`;

/** SQL of what a bucket is known by: its first local day, or the instant it begins at. */
export const startOf = (bucket: Bucket): string =>
  isShorterThanDay(bucket) ? beginningOf(bucket, 'recorded_at') : firstDayOf(bucket, 'day');

function ofSamples(aggregation: Aggregation | null): string {
  switch (aggregation) {
    case null:
      return 'case when adds then sum(value) else avg(value) end';
    case 'count':
      return 'count(*)';
    case 'last':
      return latest('recorded_at', 'value');
    case 'min':
    case 'max':
      return `${aggregation}(${aggregation})`;
    case 'p50':
    case 'p95':
      return percentile[aggregation]('value');
    default:
      return `${aggregation}(value)`;
  }
}

function ofDays({ bucket, aggregation }: AggregateQuestion): string {
  if (aggregation === null) {
    return `case when adds then ${OF_ALL_DAYS.sum} else ${OF_ALL_DAYS.avg} end`;
  }
  const ofAll = OF_ALL_DAYS[aggregation];
  const ofTotals = bucket === 'day' ? undefined : OF_DAY_TOTALS[aggregation];
  return ofTotals === undefined ? ofAll : `case when adds then ${ofTotals} else ${ofAll} end`;
}

/** As if each sample was looked at. Percentiles of samples are none of the days'. */
const OF_ALL_DAYS: Readonly<Record<Aggregation, string>> = {
  sum: 'sum(total)',
  avg: 'sum(total) / nullif(sum(samples), 0)',
  min: 'min(min)',
  max: 'max(max)',
  count: 'sum(samples)',
  last: latest('last_at', 'last'),
  p50: 'null',
  p95: 'null',
};

const OF_DAY_TOTALS: Readonly<Partial<Record<Aggregation, string>>> = {
  avg: 'avg(total)',
  min: 'min(total)',
  max: 'max(total)',
  last: latest('day', 'total'),
  p50: percentile.p50('total'),
  p95: percentile.p95('total'),
};

/** Where the clocks change by half an hour, so do the hours. */
const STEP = { minute: '1 minute', hour: '30 minutes' } as const;

function ending({ bucket, fills }: AggregateQuestion): string {
  const start = isShorterThanDay(bucket) ? 'start' : 'day_begins(start, zone)';
  const slots = isShorterThanDay(bucket)
    ? `(
        select distinct ${beginningOf(bucket, 'moment')} as start
        from generate_series(lower_at, upper_at - interval '1 millisecond', '${STEP[bucket]}') as moment
      ) as slot`
    : `(
        select distinct ${firstDayOf(bucket, 'day::date')} as start
        from generate_series(first_day::timestamp, last_day::timestamp, '1 day') as day
      ) as slot`;
  return `
    ${fills ? `, slots as (select metric, start from asked cross join bounds cross join lateral ${slots})` : ''}
    select metric, ${start} as start, ${isShorterThanDay(bucket) ? 'null' : 'start'}::text as day,
      value, coalesce(samples, 0) as samples, unit, units
    from ${fills ? 'slots left join made using (metric, start)' : 'made'}
    join asked using (metric)
    cross join bounds
    order by start, array_position($7::text[], metric)`;
}

export const parametersOf = ({ userId, metrics, span, sources, groupings }: AggregateQuestion) => [
  userId,
  ...spanParameters(span),
  textArray(metrics),
  sources === null ? null : textArray(sources),
  groupings === null ? null : textArray(groupings),
];

const unitOf = (metric: string, unit: string): string =>
  Object.hasOwn(PRESSURES, metric) ? (PRESSURES[metric] ?? unit) : unit;

/** @param isCanonical whether the value stays in the unit it is stored in, whatever the person prefers to see */
export function toAggregate(
  row: Row,
  aggregation: Aggregation | null,
  isCanonical: boolean,
): Aggregate {
  const display = displayOf(
    String(row.metric),
    unitOf(String(row.metric), String(row.unit)),
    isCanonical || aggregation === 'count' ? {} : (row.units as UnitChoice),
  );
  const samples = Number(row.samples);
  // Each summand of a sum is shifted, where the unit is. What is the least or the most is a value that was measured.
  const shown = (value: number): number => {
    if (aggregation === 'min' || aggregation === 'max') return display.value(value);
    if (aggregation !== 'sum') return readable(display.value(value));
    return readable(display.difference(value) + samples * display.value(0));
  };
  return {
    metric: String(row.metric),
    start: iso(row.start),
    day: row.day === null ? null : String(row.day),
    value: row.value === null ? null : shown(Number(row.value)),
    samples,
    unit: aggregation === 'count' ? 'count' : display.unit,
  };
}
