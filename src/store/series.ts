import type { SeriesIdentity } from '../model.ts';

/**
 * How the rows of a batch meet their series: the identities go as one JSON document, the rows carry their
 * ordinal in it. That keeps ids out of any memory of ours, where an erased person's would go stale.
 */

/** The identities as the parameter of `WANTED_SERIES`. */
export const seriesParameter = (series: readonly SeriesIdentity[]): string =>
  JSON.stringify(
    series.map(({ metric, source, grouping, context, unit, displayName }, ordinal) => ({
      ordinal,
      metric,
      source,
      grouping,
      context,
      unit,
      display_name: displayName,
    })),
  );

/** $1 identities. Names seen for the first time enter the catalogue. */
export const REGISTER_METRICS = `
  insert into metrics (name, title, category, kind, unit)
  select distinct on (wanted.metric) wanted.metric, wanted.metric, 'other', 'unknown', wanted.unit
  from jsonb_to_recordset($1::jsonb) as wanted (metric text, unit text)
  where not exists (select from metrics where name = wanted.metric)
  order by wanted.metric
  on conflict do nothing`;

/**
 * $1 user id, $2 identities. Ordered, so that two batches never wait for each other in a circle. A metric that comes in a
 * second unit is counted anew: which unit counts may be another one now (migrations/0012).
 */
export const REGISTER_SERIES = `
  with registered as (
  insert into series (user_id, metric, source, grouping, context, unit, display_name)
  select $1::uuid, w.metric, w.source, w.grouping, w.context, w.unit, w.display_name
  from jsonb_to_recordset($2::jsonb)
    as w (metric text, source text, grouping text, context text, unit text, display_name text)
  where not exists (
    select from series
    where user_id = $1::uuid
      and (series.metric, series.source, series.grouping, series.context, series.unit)
        = (w.metric, w.source, w.grouping, w.context, w.unit)
  )
  order by w.metric, w.source, w.grouping, w.context, w.unit
  on conflict do nothing
  returning metric, unit
  )
  insert into stale_metrics as known (user_id, metric)
  select distinct $1::uuid, registered.metric
  from registered
  join series using (metric)
  where series.user_id = $1::uuid and series.unit <> registered.unit
  on conflict (user_id, metric) do update set since = clock_timestamp(), done_until = null`;

/** A common table expression `wanted (ordinal, id, metric)`. $1 user id, $6 identities. */
export const WANTED_SERIES = `
  wanted as materialized (
    select w.ordinal, series.id, series.metric
    from jsonb_to_recordset($6::jsonb)
      as w (ordinal int, metric text, source text, grouping text, context text, unit text)
    join series on series.user_id = $1::uuid
      and (series.metric, series.source, series.grouping, series.context, series.unit)
        = (w.metric, w.source, w.grouping, w.context, w.unit)
  )`;
