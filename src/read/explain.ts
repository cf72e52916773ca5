import { readable } from '../catalog/display.ts';
import type { Row, Statement } from '../database.ts';
import { type AggregateQuestion, ASKED, parametersOf, startOf, tiersOf } from './aggregate.ts';
import { type Bucket, isShorterThanDay } from './buckets.ts';
import { countedSamples } from './counted.ts';
import { boundsOf } from './span.ts';
import { iso } from './values.ts';

/** What one series said of a bucket, and how much of it counted. */
export interface Contribution {
  source: string;
  grouping: string;
  context: string | null;
  unit: string;
  /** Place in the order of sources, from 1; `null`: excluded, in another unit, or by the week or longer. */
  rank: number | null;
  samples: number;
  /** Their sum or, where values do not add up, their mean. */
  value: number;
  counted_samples: number;
  counted_value: number | null;
}

/** For every metric and bucket of the question what each series said. */
export const selectContributions = (question: AggregateQuestion): Statement => ({
  text: `
    with ${boundsOf(!isShorterThanDay(question.bucket))},
    ${ASKED},
    counted as (${countedSamples('true', tiersOf(question.bucket))}),
    said as (
      select asked.metric, asked.adds, series.id as series_id, series.display_name, series.grouping, series.context,
        series.unit, ranked.rank, sample.recorded_at, sample.value,
        ((sample.recorded_at + shift) at time zone zone)::date as day
      from asked
      cross join bounds
      join series on series.user_id = $1::uuid and series.metric = asked.metric
      left join lateral ranked_series($1::uuid, asked.metric) as ranked on ranked.series_id = series.id
      cross join lateral (
        select case series.grouping when 'days' then interval '12 hours' else interval '0' end as shift
      ) as stamped
      cross join lateral (
        select recorded_at, value from samples
        where samples.series_id = series.id
          and recorded_at >= lower_at - shift and recorded_at < upper_at - shift
        offset 0
      ) as sample
      where ($8::text[] is null or series.source = any ($8::text[]))
        and ($9::text[] is null or series.grouping = any ($9::text[]))
    ),
    told as (
      select said.*, counted.value as counted
      from said left join counted using (metric, series_id, recorded_at)
    )
    select metric, ${beginsAt(question.bucket)} as start, display_name, grouping, context, unit, rank,
      count(*) as samples,
      case when adds then sum(value) else avg(value) end as value,
      count(counted) as counted_samples,
      case when adds then sum(counted) else avg(counted) end as counted_value
    from told cross join bounds
    group by metric, adds, 2, series_id, display_name, grouping, context, unit, rank
    order by rank nulls last, display_name`,
  params: parametersOf(question),
});

const beginsAt = (bucket: Bucket): string =>
  isShorterThanDay(bucket) ? startOf(bucket) : `day_begins(${startOf(bucket)}, zone)`;

/** The bucket that a row is about. */
export const bucketOf = (row: Row): string => `${row.metric} ${toStart(row)}`;

export const toContribution = (row: Row): Contribution => ({
  source: String(row.display_name),
  grouping: String(row.grouping),
  context: row.context === '' ? null : String(row.context),
  unit: String(row.unit),
  rank: row.rank === null ? null : Number(row.rank),
  samples: Number(row.samples),
  value: readable(Number(row.value)),
  counted_samples: Number(row.counted_samples),
  counted_value: row.counted_value === null ? null : readable(Number(row.counted_value)),
});

const toStart = (row: Row): string => iso(row.start);
