import type { Row, Statement } from '../database.ts';
import { iso, isoOrNull, textOrNull } from './values.ts';

/** A route point by point, before it is written in one format or another. */
export interface RouteOfWorkout {
  workoutId: string;
  name: string;
  activity: string | null;
  source: string;
  startedAt: string;
  endedAt: string | null;
  /** Metres, on a sphere: right to half a percent. */
  length: number;
  /** In order of time. */
  points: RoutePoint[];
}

export interface RoutePoint {
  longitude: number;
  latitude: number;
  /** Metres; 0 where unknown. */
  altitude: number;
  /** ISO 8601 in UTC. */
  at: string | null;
  /** Metres a second, degrees and metres; `null`: not measured. */
  speed: number | null;
  course: number | null;
  horizontalAccuracy: number | null;
  verticalAccuracy: number | null;
  speedAccuracy: number | null;
  courseAccuracy: number | null;
}

/** Decimals of a degree: a centimetre. */
export const PLACES_OF_DEGREE = 7;

const ONE = `
  select workouts.id, workouts.name, workouts.activity, workouts.source, workouts.started_at, workouts.ended_at,
    ST_Length(track, false) as length,
    ST_AsGeoJSON(track::geometry, ${PLACES_OF_DEGREE}) as line,
    route.points,
    to_jsonb(route.recorded_at) as times,
    to_jsonb(route.speed) as speed,
    to_jsonb(route.course) as course,
    to_jsonb(route.horizontal_accuracy) as horizontal_accuracy,
    to_jsonb(route.vertical_accuracy) as vertical_accuracy,
    to_jsonb(route.speed_accuracy) as speed_accuracy,
    to_jsonb(route.course_accuracy) as course_accuracy
  from workouts
  join workout_routes as route on (route.workout_id, route.started_at) = (workouts.id, workouts.started_at)
  where workouts.user_id = $1::uuid and workouts.id = $2::bigint`;

export const selectRoute = (userId: string, workoutId: string): Statement => ({
  text: ONE,
  params: [userId, workoutId],
});

export function toRoute(row: Row): RouteOfWorkout {
  const { coordinates } = JSON.parse(String(row.line)) as { coordinates: number[][] };
  const column = (name: string) => row[name] as (number | null)[];
  const times = row.times as (string | null)[];
  const speed = column('speed');
  const course = column('course');
  const horizontalAccuracy = column('horizontal_accuracy');
  const verticalAccuracy = column('vertical_accuracy');
  const speedAccuracy = column('speed_accuracy');
  const courseAccuracy = column('course_accuracy');
  return {
    workoutId: String(row.id),
    name: String(row.name),
    activity: textOrNull(row.activity),
    source: String(row.source),
    startedAt: iso(row.started_at),
    endedAt: isoOrNull(row.ended_at),
    length: Math.round(Number(row.length) * 10) / 10,
    // A way of one point stands on it twice.
    points: coordinates
      .slice(0, Number(row.points))
      .map(([longitude = 0, latitude = 0, altitude = 0], i) => ({
        longitude,
        latitude,
        altitude,
        at: isoOrNull(times[i] ?? null),
        speed: speed[i] ?? null,
        course: course[i] ?? null,
        horizontalAccuracy: horizontalAccuracy[i] ?? null,
        verticalAccuracy: verticalAccuracy[i] ?? null,
        speedAccuracy: speedAccuracy[i] ?? null,
        courseAccuracy: courseAccuracy[i] ?? null,
      })),
  };
}
