import type { Statement } from '../database.ts';
import type { Sample, SeriesRows } from '../model.ts';
import { numberArray } from './arrays.ts';
import { batchParameters } from './batch.ts';
import { COUNT_WRITTEN, type SlicePlace } from './counts.ts';
import { WANTED_SERIES } from './series.ts';

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
 * Upserts samples. What is the same stays untouched: no new row version, no WAL. `revision` is null in a row
 * that is new, so RETURNING tells inserted from updated. Sorted by key: no deadlocks between consumers.
 */
const upsert = (rule: string): string => `
  with ${WANTED_SERIES},
  incoming as (
    select wanted.id as series_id, to_timestamp(p.recorded_at::float8 / 1000) as recorded_at,
      p.value, p.min, p.max, to_timestamp(p.ended_at::float8 / 1000) as ended_at
    from unnest($6::int[], $7::bigint[], $8::float8[], $9::float8[], $10::float8[], $11::bigint[])
      as p (ordinal, recorded_at, value, min, max, ended_at)
    join wanted using (ordinal)
    order by 1, 2
  ),
  written as (
    insert into samples (series_id, recorded_at, received_at, value, min, max, ended_at)
    select series_id, recorded_at, $4::timestamptz, value, min, max, ended_at from incoming
    on conflict (series_id, recorded_at) do update set
      received_at = excluded.received_at,
      value = excluded.value,
      min = excluded.min,
      max = excluded.max,
      ended_at = excluded.ended_at,
      revision = coalesce(samples.revision, 0) + 1
    where ${rule}
    returning series_id, revision
  ),
  ${COUNT_WRITTEN}`;

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
      ...batchParameters(place, batches),
      numberArray(rows, (row) => row.recordedAt),
      numberArray(rows, (row) => row.value),
      numberArray(rows, (row) => row.min),
      numberArray(rows, (row) => row.max),
      numberArray(rows, (row) => row.endedAt),
    ],
  };
}
