import type { Statement } from '../database.ts';
import type { Night, SeriesRows, SleepStage } from '../model.ts';
import { documentParameters } from './batch.ts';
import { COUNT_BY_SERIES, type SlicePlace } from './counts.ts';
import { timestamp } from './receipts.ts';
import { WANTED_SERIES } from './series.ts';
import { timeBounds } from './time-bounds.ts';

/** The fuller record of a night stands, unless it is one that cannot be; of two alike the later. */
const UPSERT_NIGHTS = `
  with ${WANTED_SERIES},
  incoming as (
    select wanted.id as series_id, night.*
    from jsonb_to_recordset($7::jsonb) as night (
      ordinal int, ended_at timestamptz, began_at timestamptz, in_bed_from timestamptz, in_bed_until timestamptz,
      day date, total float8, asleep float8, core float8, deep float8, rem float8, awake float8, in_bed float8,
      plausible boolean, fingerprint bigint)
    join wanted using (ordinal)
  ),
  written as (
    insert into sleep_nights (
      series_id, ended_at, received_at, began_at, in_bed_from, in_bed_until, day,
      total, asleep, core, deep, rem, awake, in_bed, plausible, fingerprint)
    select series_id, ended_at, $5::timestamptz, began_at, in_bed_from, in_bed_until, day,
      total, asleep, core, deep, rem, awake, in_bed, plausible, fingerprint
    from incoming
    where not exists (
      select from sleep_nights as stored
      where (stored.series_id, stored.ended_at, stored.fingerprint)
        = (incoming.series_id, incoming.ended_at, incoming.fingerprint)
        and stored.ended_at between $8::timestamptz and $9::timestamptz
    )
    order by series_id, ended_at
    on conflict (series_id, ended_at) do update set
      received_at = excluded.received_at,
      began_at = excluded.began_at,
      in_bed_from = excluded.in_bed_from,
      in_bed_until = excluded.in_bed_until,
      day = excluded.day,
      total = excluded.total,
      asleep = excluded.asleep,
      core = excluded.core,
      deep = excluded.deep,
      rem = excluded.rem,
      awake = excluded.awake,
      in_bed = excluded.in_bed,
      plausible = excluded.plausible,
      fingerprint = excluded.fingerprint,
      revision = coalesce(sleep_nights.revision, 0) + 1
    where (excluded.plausible, excluded.total, excluded.received_at, excluded.fingerprint)
      > (sleep_nights.plausible, sleep_nights.total, sleep_nights.received_at, sleep_nights.fingerprint)
    returning series_id, revision
  ),
  ${COUNT_BY_SERIES}`;

const iso = (instant: number | null): string | null =>
  instant === null ? null : timestamp(instant);

export const upsertNights = (
  place: SlicePlace,
  batches: readonly SeriesRows<Night>[],
): Statement => ({
  text: UPSERT_NIGHTS,
  params: documentParameters(place, batches, {
    instant: ({ endedAt }) => endedAt,
    columns: (night) => ({
      ended_at: timestamp(night.endedAt),
      began_at: iso(night.beganAt),
      in_bed_from: iso(night.inBedFrom),
      in_bed_until: iso(night.inBedUntil),
      day: night.day,
      total: night.total,
      asleep: night.asleep,
      core: night.core,
      deep: night.deep,
      rem: night.rem,
      awake: night.awake,
      in_bed: night.inBed,
      plausible: night.isPlausible,
      fingerprint: night.fingerprint,
    }),
  }),
});

/**
 * A segment that was stored under the app's own word gets the stage that the word means today. $1 user, $2 segments,
 * $3 and $4 their first and last start.
 */
const RENAME_STAGES = `
  update sleep_stages set stage = incoming.stage
  from jsonb_to_recordset($2::jsonb)
    as incoming (metric text, source text, started_at timestamptz, stage text, label text)
  join series on series.user_id = $1::uuid
    and (series.metric, series.source, series.grouping) = (incoming.metric, incoming.source, 'none')
  where sleep_stages.series_id = series.id
    and (sleep_stages.started_at, sleep_stages.label) = (incoming.started_at, incoming.label)
    and sleep_stages.started_at between $3::timestamptz and $4::timestamptz
    and sleep_stages.stage <> incoming.stage
    and not exists (
      select from sleep_stages as stored
      where (stored.series_id, stored.started_at, stored.stage) = (series.id, incoming.started_at, incoming.stage)
        and stored.started_at between $3::timestamptz and $4::timestamptz
    )`;

/** Of two segments that begin alike the one of the later payload stands; within one payload the longer. */
const UPSERT_STAGES = `
  with ${WANTED_SERIES},
  incoming as (
    select wanted.id as series_id, segment.*
    from jsonb_to_recordset($7::jsonb)
      as segment (ordinal int, started_at timestamptz, stage text, ended_at timestamptz, label text)
    join wanted using (ordinal)
  ),
  written as (
    insert into sleep_stages (series_id, started_at, stage, ended_at, received_at, label)
    select series_id, started_at, stage, ended_at, $5::timestamptz, label
    from incoming
    where not exists (
      select from sleep_stages as stored
      where (stored.series_id, stored.started_at, stored.stage, stored.ended_at, stored.label)
        = (incoming.series_id, incoming.started_at, incoming.stage, incoming.ended_at, incoming.label)
        and stored.started_at between $8::timestamptz and $9::timestamptz
    )
    order by series_id, started_at, stage
    on conflict (series_id, started_at, stage) do update set
      received_at = excluded.received_at,
      ended_at = excluded.ended_at,
      label = excluded.label,
      revision = coalesce(sleep_stages.revision, 0) + 1
    where (excluded.received_at, excluded.ended_at, excluded.label collate "C")
      > (sleep_stages.received_at, sleep_stages.ended_at, sleep_stages.label collate "C")
    returning series_id, revision
  ),
  ${COUNT_BY_SERIES}`;

export function upsertStages(
  place: SlicePlace,
  batches: readonly SeriesRows<SleepStage>[],
): Statement[] {
  const columns = ({ startedAt, stage, endedAt, label }: SleepStage) => ({
    started_at: timestamp(startedAt),
    stage,
    ended_at: timestamp(endedAt),
    label,
  });
  const instant = ({ startedAt }: SleepStage) => startedAt;
  const segments = batches.flatMap(({ series: { metric, source }, rows }) =>
    rows.map((row) => ({ metric, source, ...columns(row) })),
  );
  return [
    {
      text: RENAME_STAGES,
      params: [
        place.userId,
        JSON.stringify(segments),
        ...timeBounds(batches.flatMap(({ rows }) => rows.map(instant))),
      ],
    },
    { text: UPSERT_STAGES, params: documentParameters(place, batches, { instant, columns }) },
  ];
}
