import type { Row, Statement } from '../database.ts';
import { isoOrNull } from './values.ts';

/** What a person has of one metric. */
export interface MetricCoverage {
  metric: string;
  /** The one that counts first. */
  units: string[];
  sources: string[];
  first: string | null;
  last: string | null;
}

/** Where rows of series are, and by which time they are known. */
const TABLES = [
  ['samples', 'recorded_at'],
  ['blood_pressure', 'recorded_at'],
  ['sleep_nights', 'ended_at'],
  ['sleep_stages', 'started_at'],
  ['ecg_recordings', 'started_at'],
] as const;

/**
 * Every metric a person has a series of, besides those inside workouts. First and last come from the key of the
 * tables, partition by partition, without reading the rows between.
 */
export const selectCoverage = (userId: string): Statement => ({
  text: `
    select series.metric,
      jsonb_agg(distinct series.unit) as units,
      effective_unit($1::uuid, series.metric) as effective_unit,
      jsonb_agg(distinct series.display_name) as sources,
      min(span.first) as first,
      max(span.last) as last
    from series
    cross join lateral (
      ${TABLES.map(
        ([table, time]) =>
          `select min(${time}) as first, max(${time}) as last from ${table} where series_id = series.id`,
      ).join('\n      union all\n      ')}
    ) as span
    where series.user_id = $1::uuid and series.grouping <> 'workout'
    group by series.metric
    order by series.metric`,
  params: [userId],
});

export const toCoverage = (row: Row): MetricCoverage => ({
  metric: String(row.metric),
  units: effectiveFirst(row.units as string[], row.effective_unit),
  sources: row.sources as string[],
  first: isoOrNull(row.first),
  last: isoOrNull(row.last),
});

const effectiveFirst = (units: readonly string[], effective: unknown): string[] => [
  ...units.filter((unit) => unit === effective),
  ...units.filter((unit) => unit !== effective),
];
