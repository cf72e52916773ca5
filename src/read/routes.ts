import { z } from 'zod';
import { instantOf, type Row, type Statement } from '../database.ts';
import { areaOf, type Box, type Circle, extentOf, pointOf, shiftedAreaOf } from './place.ts';
import { iso, parameterOf, textOrNull } from './values.ts';

/** A route as the list has it: where to find it, and how far it goes. */
export const routeRowSchema = z.object({
  workout_id: z.string().meta({ example: '4711' }),
  activity: z.string().nullable(),
  name: z.string().meta({ example: 'Outdoor Walk' }),
  started_at: z.iso.datetime(),
  points: z.int(),
  length_m: z.number().describe('Metres along the way, on a sphere: right to half a percent'),
  bbox: z
    .array(z.number())
    .describe('West, south, east, north; west is the larger across the antimeridian')
    .meta({ example: [16.35, 48.19, 16.39, 48.22] }),
});

type RouteRow = z.infer<typeof routeRowSchema>;

/** Which routes: those that touch the place, of workouts that began in `[from, to)`, oldest first. */
export interface RouteQuestion {
  userId: string;
  /** `null`: anywhere. */
  place: { box: Box } | { circle: Circle } | null;
  /** Unix milliseconds. */
  from: number | null;
  to: number | null;
  /** The last one of the page before. */
  after: { at: number; workoutId: string } | null;
  limit: number;
}

/** What leads across the antimeridian leads across the whole of a map that ends there. */
const CROSSES = 'ST_XMax(track::geometry) - ST_XMin(track::geometry) > 180';

/** $2 reaches as far as the box, $3 is the box: on a map, since a box leads along parallels; $9 is it on the other. */
const IN_BOX = `track && $2::geography
      and case
        when ${CROSSES} then ST_Intersects(ST_ShiftLongitude(track::geometry), $9::geometry)
        else ST_Intersects(track::geometry, $3::geometry)
      end`;
/** $2 the point, $3 metres. */
const IN_CIRCLE = 'ST_DWithin(track, $2::geography, $3::float8)';

/**
 * Length and extent are of the page alone. Lengths on the ellipsoid would take six times as long. Across the
 * antimeridian longitudes are counted on beyond 180.
 */
const page = (touches: string): string => `
  with touching as (
    select workout_id, started_at, points, track
    from own_routes
    where user_id = $1::uuid
      and ${touches}
      and started_at >= coalesce($4::timestamptz, '-infinity')
      and started_at < coalesce($5::timestamptz, 'infinity')
      and started_at >= coalesce($6::timestamptz, '-infinity')
      and (started_at, workout_id) > (coalesce($6::timestamptz, '-infinity'), $7::bigint)
    order by started_at, workout_id
    limit $8::int
  )
  select touching.workout_id, touching.started_at, touching.points, workouts.name, workouts.activity,
    ST_Length(touching.track, false) as length,
    ST_XMin(shape) as west, ST_YMin(shape) as south, ST_XMax(shape) as east, ST_YMax(shape) as north
  from touching
  join workouts on workouts.id = touching.workout_id and workouts.started_at = touching.started_at
  cross join lateral (
    select case when ${CROSSES} then ST_ShiftLongitude(track::geometry) else track::geometry end as shape
  ) as drawn
  order by touching.started_at, touching.workout_id`;

const PAGE_OF_BOX = page(IN_BOX);
const PAGE_OF_CIRCLE = page(IN_CIRCLE);
const PAGE_OF_ALL = page('($2::text, $3::text) is null');

export function selectRoutes({ place, ...question }: RouteQuestion): Statement {
  const rest = [
    parameterOf(question.from),
    parameterOf(question.to),
    parameterOf(question.after?.at ?? null),
    question.after?.workoutId ?? '0',
    question.limit,
  ];
  if (place === null) return { text: PAGE_OF_ALL, params: [question.userId, null, null, ...rest] };
  if ('box' in place) {
    const { box } = place;
    return {
      text: PAGE_OF_BOX,
      params: [question.userId, extentOf(box), areaOf(box), ...rest, shiftedAreaOf(box)],
    };
  }
  const { circle } = place;
  return {
    text: PAGE_OF_CIRCLE,
    params: [question.userId, pointOf(circle), circle.within, ...rest],
  };
}

/** Where the next page begins after this row. */
export const positionOfRoute = (row: Row) => ({
  at: instantOf(row.started_at),
  id: String(row.workout_id),
});

const MOST_EAST = 180;

export const toRouteRow = (row: Row): RouteRow => ({
  workout_id: String(row.workout_id),
  activity: textOrNull(row.activity),
  name: String(row.name),
  started_at: iso(row.started_at),
  points: Number(row.points),
  length_m: Math.round(Number(row.length) * 10) / 10,
  bbox: [
    Number(row.west),
    Number(row.south),
    Number(row.east) > MOST_EAST ? Number(row.east) - 2 * MOST_EAST : Number(row.east),
    Number(row.north),
  ],
});
