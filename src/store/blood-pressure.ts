import type { Statement } from '../database.ts';
import type { BloodPressure, SeriesRows } from '../model.ts';
import { numberArray } from './arrays.ts';
import { arrayParameters } from './batch.ts';
import { COUNT_BY_SERIES, type SlicePlace } from './counts.ts';
import { WANTED_SERIES } from './series.ts';

/** What a reading becomes when another for its moment arrives: the later payload counts, what it lacks stays. */
const merged = (column: string): string => `
  case
    when excluded.received_at > blood_pressure.received_at
      then coalesce(excluded.${column}, blood_pressure.${column})
    when excluded.received_at = blood_pressure.received_at
      then greatest(excluded.${column}, blood_pressure.${column})
    else coalesce(blood_pressure.${column}, excluded.${column})
  end`;

const UPSERT = `
  with ${WANTED_SERIES},
  incoming as (
    select wanted.id as series_id, to_timestamp(p.recorded_at::float8 / 1000) as recorded_at,
      p.systolic, p.diastolic, p.pulse
    from unnest($7::int[], $8::bigint[], $9::float8[], $10::float8[], $11::float8[])
      as p (ordinal, recorded_at, systolic, diastolic, pulse)
    join wanted using (ordinal)
    order by 1, 2
  ),
  written as (
    insert into blood_pressure (series_id, recorded_at, received_at, systolic, diastolic, pulse)
    select series_id, recorded_at, $5::timestamptz, systolic, diastolic, pulse from incoming
    on conflict (series_id, recorded_at) do update set
      received_at = greatest(excluded.received_at, blood_pressure.received_at),
      systolic = ${merged('systolic')},
      diastolic = ${merged('diastolic')},
      pulse = ${merged('pulse')},
      revision = coalesce(blood_pressure.revision, 0) + 1
    where (${merged('systolic')}, ${merged('diastolic')}, ${merged('pulse')})
      is distinct from (blood_pressure.systolic, blood_pressure.diastolic, blood_pressure.pulse)
    returning series_id, revision
  ),
  ${COUNT_BY_SERIES}`;

/** Upserts readings. The app may send the two halves of one apart, so halves meet in one row. */
export function upsertBloodPressure(
  place: SlicePlace,
  batches: readonly SeriesRows<BloodPressure>[],
): Statement {
  const rows = batches.flatMap((batch) => batch.rows);
  return {
    text: UPSERT,
    params: [
      ...arrayParameters(place, batches),
      numberArray(rows, (row) => row.recordedAt),
      numberArray(rows, (row) => row.systolic),
      numberArray(rows, (row) => row.diastolic),
      numberArray(rows, (row) => row.pulse),
    ],
  };
}
