import { z } from 'zod';
import type { RouteOfWorkout, RoutePoint } from './route.ts';

/** A route as GeoJSON (RFC 7946). Pure. */

const numbers = (what: string) =>
  z.array(z.number().nullable()).describe(`${what}; null: not measured`);

export const routeFeatureSchema = z.object({
  type: z.literal('Feature'),
  id: z.string(),
  geometry: z.object({
    type: z.literal('LineString'),
    coordinates: z
      .array(z.array(z.number()))
      .describe('Longitude, latitude (degrees) and altitude (metres; 0 where unknown)')
      .meta({ example: [[16.37, 48.2, 171.2]] }),
  }),
  properties: z.object({
    workout_id: z.string(),
    name: z.string(),
    activity: z.string().nullable(),
    source: z.string(),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
    length_m: z.number(),
    /** The name under which map tools look for one value a coordinate. */
    coordinateProperties: z.object({
      times: z.array(z.iso.datetime().nullable()),
      speeds: numbers('Metres a second'),
      courses: numbers('Degrees from north'),
      horizontal_accuracies: numbers('Metres'),
      vertical_accuracies: numbers('Metres'),
      speed_accuracies: numbers('Metres a second'),
      course_accuracies: numbers('Degrees'),
    }),
  }),
});

type RouteFeature = z.infer<typeof routeFeatureSchema>;

export function toGeoJson(route: RouteOfWorkout): RouteFeature {
  const [only] = route.points;
  // A line has two positions at least.
  const points = route.points.length === 1 && only ? [only, only] : route.points;
  const column = <F extends keyof RoutePoint>(field: F) => points.map((point) => point[field]);
  return {
    type: 'Feature',
    id: route.workoutId,
    geometry: {
      type: 'LineString',
      coordinates: points.map(({ longitude, latitude, altitude }) => [
        longitude,
        latitude,
        altitude,
      ]),
    },
    properties: {
      workout_id: route.workoutId,
      name: route.name,
      activity: route.activity,
      source: route.source,
      started_at: route.startedAt,
      ended_at: route.endedAt,
      length_m: route.length,
      coordinateProperties: {
        times: column('at'),
        speeds: column('speed'),
        courses: column('course'),
        horizontal_accuracies: column('horizontalAccuracy'),
        vertical_accuracies: column('verticalAccuracy'),
        speed_accuracies: column('speedAccuracy'),
        course_accuracies: column('courseAccuracy'),
      },
    },
  };
}
