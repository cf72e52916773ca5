import type { Statement } from '../database.ts';
import type { Sample, Workout } from '../model.ts';
import { numberArray } from './arrays.ts';
import { ordinals } from './batch.ts';
import type { SlicePlace } from './counts.ts';
import { timestamp } from './receipts.ts';
import { seriesParameter } from './series.ts';

/** The points that are about to be replaced, wherever they are (migrations/0019). $1 user, $2 series, $3 time that rows carry. */
const REMOVE_REPLACED = 'select remove_replaced_points($1::uuid, $2::jsonb, $3::timestamptz)';

/**
 * The series of the workouts of a batch. The fuller record of a series replaces the other as a whole: their buckets
 * may be of different width, so that points of both would count twice.
 */
const UPSERT = `
  with wanted as materialized (
    select w.ordinal, series.id as series_id, workouts.id as workout_id, w.points, w.fingerprint, w.first_at, w.last_at
    from jsonb_to_recordset($2::jsonb) as w (
      ordinal int, external_id text, points int, fingerprint bigint, first_at timestamptz, last_at timestamptz,
      metric text, source text, grouping text, context text, unit text)
    join series on series.user_id = $1::uuid
      and (series.metric, series.source, series.grouping, series.context, series.unit)
        = (w.metric, w.source, w.grouping, w.context, w.unit)
    join workouts on workouts.user_id = $1::uuid and workouts.external_id = w.external_id
  ),
  standing as (
    insert into workout_series (workout_id, series_id, received_at, points, fingerprint, first_at, last_at)
    select workout_id, series_id, $3::timestamptz, points, fingerprint, first_at, last_at
    from wanted
    where not exists (
      select from workout_series as stored
      where (stored.workout_id, stored.series_id, stored.fingerprint)
        = (wanted.workout_id, wanted.series_id, wanted.fingerprint)
    )
    order by workout_id, series_id
    on conflict (workout_id, series_id) do update set
      received_at = excluded.received_at,
      points = excluded.points,
      fingerprint = excluded.fingerprint,
      first_at = excluded.first_at,
      last_at = excluded.last_at
    where (excluded.points, excluded.received_at, excluded.fingerprint)
      > (workout_series.points, workout_series.received_at, workout_series.fingerprint)
    returning workout_id, series_id
  ),
  incoming as materialized (
    select standing.workout_id, standing.series_id,
      to_timestamp(p.recorded_at::float8 / 1000) as recorded_at, p.value, p.min, p.max
    from unnest($4::int[], $5::bigint[], $6::float8[], $7::float8[], $8::float8[])
      as p (ordinal, recorded_at, value, min, max)
    join wanted using (ordinal)
    join standing using (workout_id, series_id)
  ),
  written as (
    insert into workout_samples (workout_id, series_id, recorded_at, value, min, max)
    select * from incoming
    order by workout_id, series_id, recorded_at
    on conflict (workout_id, series_id, recorded_at) do update set
      value = excluded.value,
      min = excluded.min,
      max = excluded.max
  )
  update workouts set revision = coalesce(revision, 0) + 1
  where id in (select workout_id from standing)
    and xmin <> pg_current_xact_id()::xid`;

export function upsertWorkoutSeries(
  { userId, saidAt }: SlicePlace,
  workouts: readonly Workout[],
): Statement[] {
  const all = workouts.flatMap(({ externalId, series }) =>
    series.map((each) => ({ externalId, ...each })),
  );
  if (all.length === 0) return [];
  const identities: object[] = JSON.parse(seriesParameter(all.map(({ series }) => series)));
  const wanted = JSON.stringify(
    all.map(({ externalId, points, fingerprint, rows }, i) => ({
      ...identities[i],
      external_id: externalId,
      points,
      fingerprint,
      first_at: momentOf(rows.at(0)),
      last_at: momentOf(rows.at(-1)),
    })),
  );
  const rows = all.flatMap((each) => each.rows);
  return [
    { text: REMOVE_REPLACED, params: [userId, wanted, saidAt] },
    {
      text: UPSERT,
      params: [
        userId,
        wanted,
        saidAt,
        ordinals(all),
        numberArray(rows, (row) => row.recordedAt),
        numberArray(rows, (row) => row.value),
        numberArray(rows, (row) => row.min),
        numberArray(rows, (row) => row.max),
      ],
    },
  ];
}

const momentOf = (row: Sample | undefined): string | null =>
  row === undefined ? null : timestamp(row.recordedAt);
