/** Where the counts of a load are kept: the slice's row, under the time its upload was received. */
export interface SlicePlace {
  userId: string;
  ingestionId: string;
  receivedAt: string;
  slice: number;
  /** The time that the rows carry: what a replay says is as old as the upload it repeats. */
  saidAt: string;
}

/** What every upsert begins with: $1 user id, $2 ingestion, $3 received_at, $4 slice, $5 time that the rows carry. */
export const placeParameters = ({ userId, ingestionId, receivedAt, slice, saidAt }: SlicePlace) =>
  [userId, ingestionId, receivedAt, slice, saidAt] as const;

/**
 * Ends an upsert: adds to the slice's counts what its rows became, metric by metric, as the database saw it. What
 * was neither inserted nor updated was there already. Takes `seen (metric, rows)` and
 * `changed (metric, inserted, updated)`.
 */
export const COUNT = `
  counted as (
    select jsonb_object_agg(
      seen.metric,
      slice.counts -> seen.metric || jsonb_build_object(
        'inserted', (slice.counts -> seen.metric ->> 'inserted')::bigint + coalesce(changed.inserted, 0),
        'updated', (slice.counts -> seen.metric ->> 'updated')::bigint + coalesce(changed.updated, 0),
        'unchanged', (slice.counts -> seen.metric ->> 'unchanged')::bigint
          + seen.rows - coalesce(changed.inserted, 0) - coalesce(changed.updated, 0))
    ) as counts
    from seen
    left join changed using (metric)
    cross join ingestion_slices as slice
    where (slice.ingestion_id, slice.received_at, slice.slice) = ($2::uuid, $3::timestamptz, $4::int)
  )
  update ingestion_slices
  set counts = ingestion_slices.counts || counted.counts
  from counted
  where (ingestion_id, received_at, slice) = ($2::uuid, $3::timestamptz, $4::int)`;

/** The same for rows of series: `incoming` as they came, `written` as they returned. */
export const COUNT_BY_SERIES = `
  seen as (
    select wanted.metric, sum(each.rows) as rows
    from (select series_id, count(*) as rows from incoming group by series_id) as each
    join wanted on wanted.id = each.series_id
    group by wanted.metric
  ),
  changed as (
    select wanted.metric, sum(each.inserted) as inserted, sum(each.updated) as updated
    from (
      select series_id, count(*) - count(revision) as inserted, count(revision) as updated
      from written group by series_id
    ) as each
    join wanted on wanted.id = each.series_id
    group by wanted.metric
  ),
  ${COUNT}`;
