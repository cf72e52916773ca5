import { instantOf, type Row, type Statement } from '../database.ts';

/** What a person has of one metric. */
export interface MetricCoverage {
  metric: string;
  units: string[];
  sources: string[];
  first: string | null;
  last: string | null;
}

/**
 * Every metric a person has a series of. First and last come from the key of the tables, partition by partition,
 * without reading the samples between.
 */
export const selectCoverage = (userId: string): Statement => ({
  text: `
    select series.metric,
      jsonb_agg(distinct series.unit) as units,
      jsonb_agg(distinct series.display_name) as sources,
      min(least(sample.first, pressure.first)) as first,
      max(greatest(sample.last, pressure.last)) as last
    from series
    cross join lateral (
      select min(recorded_at) as first, max(recorded_at) as last
      from samples where series_id = series.id
    ) as sample
    cross join lateral (
      select min(recorded_at) as first, max(recorded_at) as last
      from blood_pressure where series_id = series.id
    ) as pressure
    where series.user_id = $1::uuid
    group by series.metric
    order by series.metric`,
  params: [userId],
});

const iso = (value: unknown): string | null =>
  value === null ? null : new Date(instantOf(value)).toISOString();

export const toCoverage = (row: Row): MetricCoverage => ({
  metric: String(row.metric),
  units: row.units as string[],
  sources: row.sources as string[],
  first: iso(row.first),
  last: iso(row.last),
});
