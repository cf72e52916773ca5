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
 * The counts of the slice under way: `{ "<metric or section>": [received, inserted, updated, unchanged, set aside] }`. They
 * stay with the transaction until it ends, so that each statement adds to them without writing the row of the slice.
 */
export const COUNTS_SO_FAR = `current_setting('self_sensored.counts')::jsonb`;

/** SQL that sets them. */
export const keepCounts = (counts: string): string =>
  `select set_config('self_sensored.counts', (${counts})::text, true)`;

/**
 * Ends an upsert: adds to the slice's counts what its rows became, metric by metric, as the database saw it. What
 * was neither inserted nor updated was there already. Takes `seen (metric, rows)` and
 * `changed (metric, inserted, updated)`.
 */
export const COUNT = `
  counted as (
    select jsonb_object_agg(known.metric, jsonb_build_array(
      known.counts -> 0,
      (known.counts ->> 1)::bigint + coalesce(changed.inserted, 0),
      (known.counts ->> 2)::bigint + coalesce(changed.updated, 0),
      (known.counts ->> 3)::bigint
        + coalesce(seen.rows, 0) - coalesce(changed.inserted, 0) - coalesce(changed.updated, 0),
      known.counts -> 4)) as counts
    from jsonb_each(${COUNTS_SO_FAR}) as known (metric, counts)
    left join seen using (metric)
    left join changed using (metric)
    -- Postgres wants to know the type of every parameter, also where an upsert takes only some of the place.
    cross join (select $2::uuid, $3::timestamptz, $4::int) as place
  )
  ${keepCounts('select counts from counted')}`;

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
