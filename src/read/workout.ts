import { z } from 'zod';
import type { Row, Statement } from '../database.ts';
import type { Json } from '../model.ts';
import { heartRateZones, heartRateZonesSchema, toHeartRateZones } from './heart-rate-zones.ts';
import { toWorkoutRow, workoutRowSchema } from './workouts.ts';

export const workoutSchema = workoutRowSchema.extend({
  attributes: z
    .record(z.string(), z.unknown())
    .describe('All that has no column, as the app sent it'),
  has_route: z.boolean(),
  series: z
    .array(
      z.object({
        metric: z.string().meta({ example: 'heart_rate' }),
        unit: z.string().meta({ example: 'count/min' }),
        context: z.string().nullable().describe('Such as `recovery`, after the end'),
        source: z.string(),
        points: z.int(),
      }),
    )
    .describe('Of one metric the fullest first'),
  heart_rate_zones: heartRateZonesSchema.nullable(),
});

/** One workout with what hangs on it. */
export interface OneWorkoutQuestion {
  userId: string;
  id: string;
  /** Beats a minute; `null` for the highest of the year before. */
  maxHeartRate: number | null;
}

const ONE = `
  with workout as materialized (
    select * from workouts where user_id = $1::uuid and id = $2::bigint
  ),
  listed as materialized (
    select series.id as series_id, metric, unit, context, display_name, points
    from workout
    join workout_series on workout_series.workout_id = workout.id
    join series on series.id = workout_series.series_id
  ),
  ${heartRateZones('$3::float8')}
  select workout.*, zones.bpm, zones.seconds,
    (
      select jsonb_agg(
        jsonb_build_object('metric', metric, 'unit', unit, 'context', nullif(context, ''),
          'source', display_name, 'points', points)
        order by metric, context, points desc, series_id)
      from listed
    ) as series,
    exists (select from workout_routes where workout_routes.workout_id = workout.id) as has_route
  from workout
  cross join zones`;

export const selectWorkout = ({ userId, id, maxHeartRate }: OneWorkoutQuestion): Statement => ({
  text: ONE,
  params: [userId, id, maxHeartRate],
});

/** @param maxHeartRate as in the question */
export const toWorkout = (row: Row, maxHeartRate: number | null) => ({
  ...toWorkoutRow(row),
  attributes: row.attributes as Json,
  has_route: row.has_route === true,
  series: (row.series ?? []) as Json,
  heart_rate_zones: toHeartRateZones(row, maxHeartRate !== null),
});
