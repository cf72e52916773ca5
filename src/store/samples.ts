import type { Statement } from '../database.ts';
import type { Sample, SeriesRows } from '../model.ts';
import { numberArray } from './arrays.ts';
import { arrayParameters } from './batch.ts';
import { COUNT_BY_SERIES, type SlicePlace } from './counts.ts';
import { TOUCH_DAYS } from './day-totals.ts';
import { WANTED_SERIES } from './series.ts';
import { timeBounds } from './time-bounds.ts';

/** A later payload replaces what differs. Within one payload, whatever the order, the greater value stands. */
const REPLACE = `
  (excluded.received_at > samples.received_at
    and (excluded.value, excluded.min, excluded.max, excluded.ended_at)
      is distinct from (samples.value, samples.min, samples.max, samples.ended_at))
  or (excluded.received_at = samples.received_at
    and (excluded.value, coalesce(excluded.min, '-infinity'), coalesce(excluded.max, '-infinity'),
        coalesce(excluded.ended_at, '-infinity'))
      > (samples.value, coalesce(samples.min, '-infinity'), coalesce(samples.max, '-infinity'),
        coalesce(samples.ended_at, '-infinity')))`;

/** A bucket may be partial: it never shrinks what is stored. */
const RAISE = 'excluded.value > samples.value';

/**
 * Upserts samples, sorted by key: no deadlocks between consumers. `revision` is null in a row that is new, so
 * RETURNING tells inserted from updated.
 *
 * A row that is stored already must not reach the upsert: ON CONFLICT locks it before it looks at the rule, and the
 * lock is written to the WAL. So what is stored is read first, by ranges of a week, and only rows that differ go on;
 * EXCEPT compares nulls as equal, and hashes where a join might be planned as a loop. Whatever others store
 * meanwhile, the rule decides. What is written is added to the totals of its day. $13 and $14 are the first and last
 * moment of all rows.
 */
const upsert = (rule: string): string => `
  with ${WANTED_SERIES},
  incoming as materialized (
    select wanted.id as series_id, p.recorded_at / 604800000 as week,
      to_timestamp(p.recorded_at::float8 / 1000) as recorded_at,
      p.value, p.min, p.max, to_timestamp(p.ended_at::float8 / 1000) as ended_at
    from unnest($7::int[], $8::bigint[], $9::float8[], $10::float8[], $11::float8[], $12::bigint[])
      as p (ordinal, recorded_at, value, min, max, ended_at)
    join wanted using (ordinal)
  ),
  spans as (
    select series_id, min(recorded_at) as first, max(recorded_at) as last
    from incoming group by series_id, week
  ),
  stored as materialized (
    select row.series_id, row.recorded_at, row.value, row.min, row.max, row.ended_at, row.revision
    from spans
    cross join lateral (
      select * from samples
      where samples.series_id = spans.series_id
        and samples.recorded_at between spans.first and spans.last
        and samples.recorded_at between $13::timestamptz and $14::timestamptz
      offset 0
    ) as row
  ),
  known as (select exists (select from stored) as is_some),
  fresh as (
    select series_id, recorded_at, value, min, max, ended_at
    from incoming where not (select is_some from known)
    union all (
      select series_id, recorded_at, value, min, max, ended_at
      from incoming where (select is_some from known)
      except
      select series_id, recorded_at, value, min, max, ended_at from stored
    )
    order by series_id, recorded_at
  ),
  written as (
    insert into samples (series_id, recorded_at, received_at, value, min, max, ended_at)
    select series_id, recorded_at, $5::timestamptz, value, min, max, ended_at from fresh
    on conflict (series_id, recorded_at) do update set
      received_at = greatest(excluded.received_at, samples.received_at),
      value = excluded.value,
      min = excluded.min,
      max = excluded.max,
      ended_at = excluded.ended_at,
      revision = coalesce(samples.revision, 0) + 1
    where ${rule}
    returning series_id, recorded_at, value, min, max, revision
  ),
  ${TOUCH_DAYS},
  ${COUNT_BY_SERIES}`;

const UPSERT_REPLACING = upsert(REPLACE);
const UPSERT_RAISING = upsert(RAISE);

/** @param raiseOnly the rows are buckets that may be partial. */
export function upsertSamples(
  place: SlicePlace,
  batches: readonly SeriesRows<Sample>[],
  raiseOnly: boolean,
): Statement {
  const rows = batches.flatMap((batch) => batch.rows);
  return {
    text: raiseOnly ? UPSERT_RAISING : UPSERT_REPLACING,
    params: [
      ...arrayParameters(place, batches),
      numberArray(rows, (row) => row.recordedAt),
      numberArray(rows, (row) => row.value),
      numberArray(rows, (row) => row.min),
      numberArray(rows, (row) => row.max),
      numberArray(rows, (row) => row.endedAt),
      ...timeBounds(rows.map(({ recordedAt }) => recordedAt)),
    ],
  };
}
