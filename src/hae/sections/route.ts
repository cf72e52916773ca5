import { z } from 'zod';
import type { IssueCode, Route } from '../../model.ts';
import { isPlausible, parseDate } from '../dates.ts';
import { fingerprintOfNumbers } from '../fingerprint.ts';
import type { ItemPlace } from '../item.ts';
import { finite, type Numeric, numeric, single, when } from '../wire.ts';

/** The way of a workout, point by point, in the names of both versions of the app. Pure. */

export const routePointSchema = z.object({
  latitude: numeric,
  lat: numeric,
  longitude: numeric,
  lon: numeric,
  altitude: numeric,
  elevation: numeric,
  timestamp: when,
  time: when,
  date: when,
  speed: numeric,
  speedAccuracy: numeric,
  course: numeric,
  courseAccuracy: numeric,
  horizontalAccuracy: numeric,
  hAcc: numeric,
  verticalAccuracy: numeric,
  vAcc: numeric,
});

type RoutePoint = z.infer<typeof routePointSchema>;

/** @param place of the array. Points without a place on Earth are named one by one. */
export function readRoute(points: readonly unknown[], place: ItemPlace): Route | null {
  const { section, pointer, collector } = place;
  const read: PointRead[] = [];
  points.forEach((raw, i) => {
    const point = readPoint(raw, place);
    const code = typeof point === 'string' ? point : isOpposite(read.at(-1), point);
    if (code) collector.leaveOut(section, `${pointer}/${i}`, code);
    else if (typeof point !== 'string') read.push(point);
  });
  if (read.length === 0) return null;
  const ordered = isOrdered(read) ? read : inOrderOfTime(read);
  const column = (field: keyof PointRead) => ordered.map((point) => point[field]);
  const route = {
    coordinates: ordered.flatMap(({ longitude, latitude, altitude }) => [
      longitude,
      latitude,
      altitude ?? 0,
    ]),
    times: column('at'),
    speeds: column('speed'),
    courses: column('course'),
    horizontalAccuracies: column('horizontalAccuracy'),
    verticalAccuracies: column('verticalAccuracy'),
    speedAccuracies: column('speedAccuracy'),
    courseAccuracies: column('courseAccuracy'),
  };
  return {
    points: read.length,
    fingerprint: fingerprintOfNumbers(Object.values(route).flat()),
    ...route,
  };
}

/** Between a point and the one on the other side of the Earth there is no way that is the shortest: PostGIS refuses it. */
function isOpposite(before: PointRead | undefined, point: PointRead): IssueCode | null {
  if (before === undefined) return null;
  const { latitude, longitude } = before;
  const areMirrored = Math.abs(latitude + point.latitude) < NEAR;
  const isAcross = Math.abs(Math.abs(longitude - point.longitude) - 180) < NEAR;
  const arePoles = Math.abs(latitude) > 90 - NEAR;
  return areMirrored && (isAcross || arePoles) ? 'implausible_place' : null;
}

/** Degrees; about ten metres. */
const NEAR = 1e-4;

interface PointRead {
  longitude: number;
  latitude: number;
  altitude: number | null;
  at: number | null;
  speed: number | null;
  course: number | null;
  horizontalAccuracy: number | null;
  verticalAccuracy: number | null;
  speedAccuracy: number | null;
  courseAccuracy: number | null;
}

function readPoint(raw: unknown, { context }: ItemPlace): PointRead | IssueCode {
  const parsed = routePointSchema.safeParse(raw);
  if (!parsed.success) return 'unrecognised_shape';
  const point = parsed.data;
  const latitude = optional(point.latitude ?? point.lat);
  const longitude = optional(point.longitude ?? point.lon);
  if (latitude === null || longitude === null) return 'value_missing';
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return 'value_not_finite';
  const at = momentOf(point, context);
  if (typeof at === 'string') return at;
  return {
    latitude,
    longitude,
    altitude: optional(point.altitude ?? point.elevation),
    at,
    speed: measured(point.speed),
    course: measured(point.course),
    horizontalAccuracy: measured(point.horizontalAccuracy ?? point.hAcc),
    verticalAccuracy: measured(point.verticalAccuracy ?? point.vAcc),
    speedAccuracy: measured(point.speedAccuracy),
    courseAccuracy: measured(point.courseAccuracy),
  };
}

function momentOf(point: RoutePoint, context: ItemPlace['context']): number | null | IssueCode {
  const text = point.timestamp ?? point.time ?? point.date;
  if (text === undefined || text === null) return null;
  const date = parseDate(text, context.timeZone);
  if (!date.ok) return 'invalid_date';
  return isPlausible(date.at, context.receivedAt) ? date.at : 'implausible_date';
}

function optional(raw: Numeric): number | null {
  const number = finite(raw);
  return typeof number === 'number' ? number : null;
}

/** Apple writes a negative number where nothing was measured. */
function measured(raw: Numeric): number | null {
  const number = optional(raw);
  return number !== null && number >= 0 ? single(number) : null;
}

const isOrdered = (points: readonly PointRead[]): boolean =>
  points.every(({ at }, i) => i === 0 || (at ?? Infinity) >= (points[i - 1]?.at ?? 0));

/** A way without times is as it was sent. */
const inOrderOfTime = (points: PointRead[]): PointRead[] =>
  points.some(({ at }) => at === null)
    ? points
    : points.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
