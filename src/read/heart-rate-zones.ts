import { z } from 'zod';
import type { Row } from '../database.ts';

/**
 * Seconds of a workout in five zones of the maximum heart rate: 50 to 60, 70, 80, 90 and 100 percent of it.
 *
 * - The maximum is the one that is asked for; else the highest that the person's workouts of the twelve months up to
 *   this one have shown, this one included: a rate that was reached here cannot be above the maximum.
 * - A point holds until the next one, the last until the end of the workout; none longer than a minute, which is the
 *   widest bucket that the app writes. Where a strap was off, no zone counts.
 * - Of several sources the one with the most points counts. Recovery after the end does not.
 */
export const heartRateZonesSchema = z.object({
  max_heart_rate: z.number().meta({ example: 188 }),
  max_heart_rate_from: z
    .enum(['parameter', 'last_12_months'])
    .describe('Whether it was asked for, or is the highest in the workouts of the year before'),
  seconds_below: z.number().describe('Below the first zone'),
  zones: z.array(
    z.object({
      zone: z.int().meta({ example: 1 }),
      from: z.number().describe('Beats a minute; included'),
      to: z.number().describe('Beats a minute; the last zone has no upper end'),
      seconds: z.number(),
    }),
  ),
});

type HeartRateZones = z.infer<typeof heartRateZonesSchema>;

const ZONES = 5;
const LOWEST_SHARE = 0.5;
const LONGEST_S = 60;

/**
 * Common table expressions that end in `zones (bpm, seconds)`, one row: seconds by number of zone, 0 below the first.
 * Takes `workout`, one row, and `listed`, its series.
 * @param maximum SQL of the maximum that was asked for, or null
 */
export const heartRateZones = (maximum: string): string => `
  highest as (
    select coalesce(
      ${maximum},
      (
        select max(earlier.heart_rate_max) from workouts as earlier
        where earlier.user_id = workout.user_id
          and earlier.started_at > workout.started_at - interval '12 months'
          and earlier.started_at <= workout.started_at
      )
    ) as bpm
    from workout
  ),
  pulse as (
    select sample.value, sample.recorded_at,
      coalesce(
        lead(sample.recorded_at) over (order by sample.recorded_at),
        workout.ended_at,
        sample.recorded_at + interval '${LONGEST_S} seconds'
      ) as until
    from workout
    join workout_samples as sample on sample.workout_id = workout.id
    where sample.series_id = (
      select series_id from listed
      where metric = 'heart_rate' and context = '' and unit = 'count/min'
      order by points desc, series_id
      limit 1
    )
  ),
  held as (
    select
      -- The maximum itself, and what is above it, belongs to the last zone.
      least(${ZONES}, width_bucket(value, bpm * ${LOWEST_SHARE}, bpm, ${ZONES})) as zone,
      sum(least(${LONGEST_S}, greatest(0, extract(epoch from until - recorded_at)::float8))) as seconds
    from pulse
    cross join highest
    where bpm > 0
    group by 1
  ),
  zones as (
    select bpm, (select jsonb_object_agg(zone, seconds) from held) as seconds
    from highest
  )`;

/** `null` where the workout has no heart rate, or nobody knows a maximum. */
export function toHeartRateZones(row: Row, isAskedFor: boolean): HeartRateZones | null {
  if (row.bpm === null || row.seconds === null) return null;
  const bpm = Number(row.bpm);
  const seconds = row.seconds as Record<string, number>;
  const step = (1 - LOWEST_SHARE) / ZONES;
  const bound = (zone: number) => Math.round(bpm * (LOWEST_SHARE + zone * step) * 10) / 10;
  const rounded = (zone: number) => Math.round(seconds[zone] ?? 0);
  return {
    max_heart_rate: bpm,
    max_heart_rate_from: isAskedFor ? 'parameter' : 'last_12_months',
    seconds_below: rounded(0),
    zones: Array.from({ length: ZONES }, (_, i) => ({
      zone: i + 1,
      from: bound(i),
      to: bound(i + 1),
      seconds: rounded(i + 1),
    })),
  };
}
