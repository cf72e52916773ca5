import type { Statement } from '../database.ts';
import type { Electrocardiogram, SeriesRows } from '../model.ts';
import { numberArray } from './arrays.ts';
import { documentParameters } from './batch.ts';
import { COUNT_BY_SERIES, type SlicePlace } from './counts.ts';
import { timestamp } from './receipts.ts';
import { WANTED_SERIES } from './series.ts';

/** The fuller recording stands; of two as full the later. */
const UPSERT = `
  with ${WANTED_SERIES},
  incoming as (
    select wanted.id as series_id, ecg.*
    from jsonb_to_recordset($7::jsonb) as ecg (
      ordinal int, started_at timestamptz, ended_at timestamptz, classification text, class text,
      average_heart_rate float8, sampling_frequency float8, announced float8, points int, voltages text,
      attributes jsonb, fingerprint bigint)
    join wanted using (ordinal)
  ),
  written as (
    insert into ecg_recordings (
      series_id, started_at, ended_at, received_at, classification, class, average_heart_rate,
      sampling_frequency, announced, points, voltages, attributes, fingerprint)
    select series_id, started_at, ended_at, $5::timestamptz, classification, class, average_heart_rate,
      sampling_frequency, announced, points, voltages::real[], attributes, fingerprint
    from incoming
    where not exists (
      select from ecg_recordings as stored
      where (stored.series_id, stored.started_at, stored.fingerprint)
        = (incoming.series_id, incoming.started_at, incoming.fingerprint)
        and stored.started_at between $8::timestamptz and $9::timestamptz
    )
    order by series_id, started_at
    on conflict (series_id, started_at) do update set
      ended_at = excluded.ended_at,
      received_at = excluded.received_at,
      classification = excluded.classification,
      class = excluded.class,
      average_heart_rate = excluded.average_heart_rate,
      sampling_frequency = excluded.sampling_frequency,
      announced = excluded.announced,
      points = excluded.points,
      voltages = excluded.voltages,
      attributes = excluded.attributes,
      fingerprint = excluded.fingerprint,
      revision = coalesce(ecg_recordings.revision, 0) + 1
    where (excluded.points, excluded.received_at, excluded.fingerprint)
      > (ecg_recordings.points, ecg_recordings.received_at, ecg_recordings.fingerprint)
    returning series_id, revision
  ),
  ${COUNT_BY_SERIES}`;

export const upsertElectrocardiograms = (
  place: SlicePlace,
  batches: readonly SeriesRows<Electrocardiogram>[],
): Statement => ({
  text: UPSERT,
  params: documentParameters(place, batches, {
    instant: ({ startedAt }) => startedAt,
    columns: (ecg) => ({
      started_at: timestamp(ecg.startedAt),
      ended_at: ecg.endedAt === null ? null : timestamp(ecg.endedAt),
      classification: ecg.classification,
      class: ecg.class,
      average_heart_rate: ecg.averageHeartRate,
      sampling_frequency: ecg.samplingFrequency,
      announced: ecg.announced,
      points: ecg.voltages.length,
      voltages: numberArray(ecg.voltages, (voltage) => voltage),
      attributes: ecg.attributes,
      fingerprint: ecg.fingerprint,
    }),
  }),
});
