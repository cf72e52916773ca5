import { z } from 'zod';
import { answer, answerRows } from '../http/answer.ts';
import { readCursor } from '../http/cursor.ts';
import { pageByCursor } from '../http/cursor-page.ts';
import { checkLimit, pageQuery, ROW_FORMATS } from '../http/format.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { selectWorkout, toWorkout, workoutSchema } from '../read/workout.ts';
import {
  isPoint,
  positionOfPoint,
  selectWorkoutSeries,
  toWorkoutPoint,
  workoutPointSchema,
} from '../read/workout-series.ts';
import {
  positionOfWorkout,
  selectWorkouts,
  toWorkoutRow,
  workoutRowSchema,
} from '../read/workouts.ts';
import { instant } from './instant.ts';
import { rowId } from './row-id.ts';
import { metricLike, selection } from './selection.ts';

const listWorkouts = operation({
  method: 'GET',
  path: '/api/v1/workouts',
  summary: 'Workouts with their summaries, oldest first.',
  scope: 'read',
  quota: 'reads',
  query: z.object({
    from: instant.optional(),
    to: instant.optional(),
    activity: z.string().max(200).optional(),
    source: z.string().max(500).optional(),
    ...pageQuery,
  }),
  answer: z.array(workoutRowSchema),
  formats: ROW_FORMATS,
  handler: async (c, { query: { from, to, activity, source, limit, cursor } }) => {
    checkLimit(c, limit);
    const { userId } = c.get('identity');
    const rows = await c.get('database').queryAs(
      userId,
      selectWorkouts({
        userId,
        from: from ?? null,
        to: to ?? null,
        activity: activity ?? null,
        source: source ?? null,
        after: readCursor(cursor, rowId),
        limit: limit + 1,
      }),
    );
    const { page, pagination } = pageByCursor(rows, limit, positionOfWorkout);
    return answerRows(c, page.map(toWorkoutRow), { pagination });
  },
});

const getWorkout = operation({
  method: 'GET',
  path: '/api/v1/workouts/:id',
  summary: 'One workout: its summary, its series, and its time in the zones of the heart rate.',
  scope: 'read',
  quota: 'reads',
  params: z.object({ id: rowId }),
  query: z.object({
    max_heart_rate: z.coerce.number().min(60).max(260).optional(),
  }),
  answer: workoutSchema,
  handler: async (c, { params: { id }, query }) => {
    const { userId } = c.get('identity');
    const maxHeartRate = query.max_heart_rate ?? null;
    const [row] = await c
      .get('database')
      .queryAs(userId, selectWorkout({ userId, id, maxHeartRate }));
    if (row === undefined) {
      throw new HttpProblem('not_found', { detail: 'There is no such workout.' });
    }
    return answer(c, toWorkout(row, maxHeartRate));
  },
});

/** A chart wants most workouts whole. */
const POINTS_A_PAGE = 1_000;

const listWorkoutPoints = operation({
  method: 'GET',
  path: '/api/v1/workouts/:id/series/:metric',
  summary: 'The points of one series inside a workout, oldest first.',
  scope: 'read',
  quota: 'reads',
  params: z.object({ id: rowId, metric: metricLike('heart_rate') }),
  query: z.object({
    context: z.string().max(200).default(''),
    source: selection.source,
    ...pageQuery,
    limit: pageQuery.limit.unwrap().default(POINTS_A_PAGE),
  }),
  answer: z.array(workoutPointSchema),
  formats: ROW_FORMATS,
  handler: async (c, { params, query: { context, source, limit, cursor } }) => {
    checkLimit(c, limit);
    const position = readCursor(cursor, rowId);
    const { userId } = c.get('identity');
    const rows = await c.get('database').queryAs(
      userId,
      selectWorkoutSeries({
        userId,
        workoutId: params.id,
        metric: params.metric,
        context,
        sources: source ?? null,
        after: position === null ? null : { at: position.at, seriesId: position.id },
        limit: limit + 1,
      }),
    );
    if (rows.length === 0) {
      throw new HttpProblem('not_found', { detail: 'There is no such series in such a workout.' });
    }
    const { page, pagination } = pageByCursor(rows.filter(isPoint), limit, positionOfPoint);
    return answerRows(c, page.map(toWorkoutPoint), { pagination });
  },
});

export const workoutRoutes = [listWorkouts, getWorkout, listWorkoutPoints];
