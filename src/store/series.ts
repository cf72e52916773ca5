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

/**
 * SQL of the id of the series that `w` names; null if there is none. A lookup for each identity, whatever the statistics
 * say: a join is planned as a loop over all new series of a person, and 4,000 new names took 4 s.
 */
const SERIES_ID = `
  cross join lateral (
    select (
      select series.id from series
      where series.user_id = $1::uuid
        and (series.metric, series.source, series.grouping, series.context, series.unit)
          = (w.metric, w.source, w.grouping, w.context, w.unit)
      limit 1
    ) as id
  ) as stored`;

/**
 * $1 user id, $2 identities. Ordered, so that two batches never wait for each other in a circle; those of an import, which
 * have an id in the export, in the order of that: the unit that a person sent first stays the first (migrations/0020).
 * The unit of the catalogue counts before another: a metric that came in another is recomputed.
 */
export const REGISTER_SERIES = `
  with registered as (
    insert into series (user_id, metric, source, grouping, context, unit, display_name)
    select $1::uuid, w.metric, w.source, w.grouping, w.context, w.unit, w.display_name
    from jsonb_to_recordset($2::jsonb)
      as w (id bigint, metric text, source text, grouping text, context text, unit text, display_name text)
    ${SERIES_ID}
    where stored.id is null
    order by w.id, w.metric, w.source, w.grouping, w.context, w.unit
    on conflict do nothing
    returning metric, unit
  )
  insert into stale_metrics as known (user_id, metric)
  select distinct $1::uuid, registered.metric
  from registered
  join metrics on metrics.name = registered.metric and metrics.unit = registered.unit
  cross join lateral (
    select from series
    where series.user_id = $1::uuid and series.metric = registered.metric and series.unit <> registered.unit
    limit 1
  ) as other
  on conflict (user_id, metric) do update set since = clock_timestamp(), done_until = null`;

/** A common table expression `wanted (ordinal, id, metric)`. $1 user id, $6 identities. */
export const WANTED_SERIES = `
  wanted as materialized (
    select w.ordinal, stored.id, w.metric
    from jsonb_to_recordset($6::jsonb)
      as w (ordinal int, metric text, source text, grouping text, context text, unit text)
    ${SERIES_ID}
    where stored.id is not null
  )`;
