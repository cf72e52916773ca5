import type { Statement } from '../database.ts';
import type { Route, Workout } from '../model.ts';
import type { SlicePlace } from './counts.ts';

/** The fuller way stands; of two as full the later. $1 user, $2 ways, $3 time that rows carry. */
const UPSERT = `
  with incoming as materialized (
    select workouts.id as workout_id, workouts.started_at, way.*
    from jsonb_to_recordset($2::jsonb) as way (
      external_id text, points int, track text, recorded_at text, speed text, course text,
      horizontal_accuracy text, vertical_accuracy text, speed_accuracy text, course_accuracy text, fingerprint bigint)
    join workouts on workouts.user_id = $1::uuid and workouts.external_id = way.external_id
  ),
  written as (
    insert into workout_routes (
      workout_id, started_at, user_id, received_at, points, track, recorded_at, speed, course,
      horizontal_accuracy, vertical_accuracy, speed_accuracy, course_accuracy, fingerprint)
    select workout_id, started_at, $1::uuid, $3::timestamptz, points, track::geography,
      array(
        select to_timestamp(at::float8 / 1000)
        from unnest(recorded_at::bigint[]) with ordinality as each (at, i)
        order by i
      ),
      speed::real[], course::real[], horizontal_accuracy::real[], vertical_accuracy::real[],
      speed_accuracy::real[], course_accuracy::real[], fingerprint
    from incoming
    where not exists (
      select from workout_routes as stored
      where (stored.workout_id, stored.fingerprint) = (incoming.workout_id, incoming.fingerprint)
    )
    order by workout_id
    on conflict (workout_id, started_at) do update set
      received_at = excluded.received_at,
      points = excluded.points,
      track = excluded.track,
      recorded_at = excluded.recorded_at,
      speed = excluded.speed,
      course = excluded.course,
      horizontal_accuracy = excluded.horizontal_accuracy,
      vertical_accuracy = excluded.vertical_accuracy,
      speed_accuracy = excluded.speed_accuracy,
      course_accuracy = excluded.course_accuracy,
      fingerprint = excluded.fingerprint,
      revision = coalesce(workout_routes.revision, 0) + 1
    where (excluded.points, excluded.received_at, excluded.fingerprint)
      > (workout_routes.points, workout_routes.received_at, workout_routes.fingerprint)
    returning workout_id
  )
  update workouts set revision = coalesce(revision, 0) + 1
  where id in (select workout_id from written)
    and xmin <> pg_current_xact_id()::xid`;

export function upsertWorkoutRoutes(
  { userId, saidAt }: SlicePlace,
  workouts: readonly Workout[],
): Statement[] {
  const ways = workouts.flatMap(({ externalId, route }) =>
    route === null ? [] : [{ external_id: externalId, ...toColumns(route) }],
  );
  if (ways.length === 0) return [];
  return [{ text: UPSERT, params: [userId, JSON.stringify(ways), saidAt] }];
}

const toColumns = (route: Route) => ({
  points: route.points,
  track: trackOf(route.coordinates),
  recorded_at: array(route.times),
  speed: array(route.speeds),
  course: array(route.courses),
  horizontal_accuracy: array(route.horizontalAccuracies),
  vertical_accuracy: array(route.verticalAccuracies),
  speed_accuracy: array(route.speedAccuracies),
  course_accuracy: array(route.courseAccuracies),
  fingerprint: route.fingerprint,
});

/** One value a point, also where nothing was measured. */
const array = (values: readonly (number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

/** Well-known text, which is read fast enough. A line has two points at least. */
function trackOf(coordinates: readonly number[]): string {
  const points: string[] = [];
  for (let i = 0; i < coordinates.length; i += 3) {
    points.push(`${coordinates[i]} ${coordinates[i + 1]} ${coordinates[i + 2]}`);
  }
  const [only] = points;
  return `SRID=4326;LINESTRING Z (${(points.length === 1 ? [only, only] : points).join(',')})`;
}
