import { z } from 'zod';
import { instantOf, type Row, type Statement } from '../database.ts';
import { textArray } from './text-array.ts';
import { iso, numberOrNull, parameterOf } from './values.ts';

/** A point inside a workout, in the unit that the workout names for the series. */
export const workoutPointSchema = z.object({
  recorded_at: z.iso.datetime(),
  value: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
});

type WorkoutPoint = z.infer<typeof workoutPointSchema>;

/** One series of a workout, oldest point first. Of several sources the fullest, unless one is named. */
export interface WorkoutSeriesQuestion {
  userId: string;
  workoutId: string;
  metric: string;
  /** `''` for none. */
  context: string;
  /** As series name them. */
  sources: readonly string[] | null;
  /** The last point of the page before, which also says of which series it was. Unix milliseconds. */
  after: { at: number; seriesId: string } | null;
  limit: number;
}

/** The series comes also without points, so that the end of a series is not mistaken for none. */
const POINTS = `
  with chosen as materialized (
    select workout_series.workout_id, workout_series.series_id
    from workouts
    join workout_series on workout_series.workout_id = workouts.id
    join series on series.id = workout_series.series_id
    where workouts.user_id = $1::uuid and workouts.id = $2::bigint
      and series.metric = $3 and series.context = $4
      and ($5::text[] is null or series.source = any ($5::text[]))
      and ($6::bigint is null or series.id = $6::bigint)
    order by workout_series.points desc, workout_series.series_id
    limit 1
  )
  select chosen.series_id, point.*
  from chosen
  left join lateral (
    select recorded_at, value, min, max
    from workout_samples
    where (workout_id, series_id) = (chosen.workout_id, chosen.series_id)
      and recorded_at > coalesce($7::timestamptz, '-infinity')
    order by recorded_at
    limit $8::int
  ) as point on true
  order by point.recorded_at`;

export const selectWorkoutSeries = (question: WorkoutSeriesQuestion): Statement => ({
  text: POINTS,
  params: [
    question.userId,
    question.workoutId,
    question.metric,
    question.context,
    question.sources && textArray(question.sources),
    question.after?.seriesId ?? null,
    parameterOf(question.after?.at ?? null),
    question.limit,
  ],
});

/** Whether the row is a point, and not the series alone. */
export const isPoint = (row: Row): boolean => row.recorded_at !== null;

/** Where the next page begins after this row. */
export const positionOfPoint = (row: Row) => ({
  at: instantOf(row.recorded_at),
  id: String(row.series_id),
});

export const toWorkoutPoint = (row: Row): WorkoutPoint => ({
  recorded_at: iso(row.recorded_at),
  value: Number(row.value),
  min: numberOrNull(row.min),
  max: numberOrNull(row.max),
});
