import { z } from 'zod';
import { SUMMARY_COLUMNS, SUMMARY_WORDS } from '../catalog/workout-summary.ts';
import { instantOf, type Row, type Statement } from '../database.ts';
import type { Json } from '../model.ts';
import { iso, isoOrNull, numberOrNull, parameterOf, textOrNull } from './values.ts';

/** A workout as a flat row. Its summary has a column for each row of the table in the catalogue. */
export const workoutRowSchema = z.object({
  id: z.string().meta({ example: '4711' }),
  external_id: z.string().describe("Apple Health's; name, start and end where the app sends none"),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  name: z.string().describe('As the app wrote it').meta({ example: 'Outdoor Walk' }),
  activity: z.string().nullable().describe('What the name means, where it is known'),
  source: z.string(),
  version: z.int().describe("Version of the app's export, 1 or 2"),
  ...Object.fromEntries(
    SUMMARY_COLUMNS.map(({ column, unit }) => [column, z.number().nullable().describe(unit)]),
  ),
  ...Object.fromEntries(SUMMARY_WORDS.map(({ column }) => [column, z.string().nullable()])),
  is_indoor: z.boolean().nullable(),
});

/** Which workouts: those that began in `[from, to)`, oldest first. Instants are Unix milliseconds. */
export interface WorkoutQuestion {
  userId: string;
  from: number | null;
  to: number | null;
  /** What the name means, or the name itself. */
  activity: string | null;
  source: string | null;
  /** The last one of the page before. */
  after: { at: number; id: string } | null;
  limit: number;
}

const COLUMNS = [
  'id',
  'external_id',
  'started_at',
  'ended_at',
  'name',
  'activity',
  'source',
  'version',
  ...SUMMARY_COLUMNS.map(({ column }) => column),
  ...SUMMARY_WORDS.map(({ column }) => column),
  'is_indoor',
];

const PAGE = `
  select ${COLUMNS.join(', ')}
  from workouts
  where user_id = $1::uuid
    and started_at >= coalesce($2::timestamptz, '-infinity')
    and started_at < coalesce($3::timestamptz, 'infinity')
    and ($4::text is null or activity = $4 or lower(name) = lower($4))
    and ($5::text is null or source = $5)
    and started_at >= coalesce($6::timestamptz, '-infinity')
    and (started_at, id) > (coalesce($6::timestamptz, '-infinity'), $7::bigint)
  order by started_at, id
  limit $8::int`;

export const selectWorkouts = (question: WorkoutQuestion): Statement => ({
  text: PAGE,
  params: [
    question.userId,
    parameterOf(question.from),
    parameterOf(question.to),
    question.activity,
    question.source,
    parameterOf(question.after?.at ?? null),
    question.after?.id ?? '0',
    question.limit,
  ],
});

/** Where the next page begins after this row. */
export const positionOfWorkout = (row: Row) => ({
  at: instantOf(row.started_at),
  id: String(row.id),
});

export const toWorkoutRow = (row: Row): Record<string, Json> => ({
  id: String(row.id),
  external_id: String(row.external_id),
  started_at: iso(row.started_at),
  ended_at: isoOrNull(row.ended_at),
  name: String(row.name),
  activity: textOrNull(row.activity),
  source: String(row.source),
  version: Number(row.version),
  ...Object.fromEntries(SUMMARY_COLUMNS.map(({ column }) => [column, numberOrNull(row[column])])),
  ...Object.fromEntries(SUMMARY_WORDS.map(({ column }) => [column, textOrNull(row[column])])),
  is_indoor: row.is_indoor === null ? null : row.is_indoor === true,
});
