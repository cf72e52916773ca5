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
export function readRoute(raw: readonly unknown[], place: ItemPlace): Route | null {
  const { section, pointer, collector } = place;
  const leaveOut = (index: number, code: IssueCode) =>
    collector.leaveOut(section, `${pointer}/${index}`, code);
  const read: PointRead[] = [];
  raw.forEach((each, index) => {
    const point = readPoint(each, index, place);
    if (typeof point === 'string') leaveOut(index, point);
    else read.push(point);
  });

  const points: PointRead[] = [];
  for (const point of inOrderOfTime(read)) {
    if (isAcross(points.at(-1), point)) leaveOut(point.index, 'implausible_place');
    else points.push(point);
  }
  return points.length === 0 ? null : routeOf(points);
}

function routeOf(points: readonly PointRead[]): Route {
  const column = (field: keyof PointRead) => points.map((point) => point[field]);
  const columns = {
    coordinates: points.flatMap(({ longitude, latitude, altitude }) => [
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
  const fingerprint = fingerprintOfNumbers(Object.values(columns).flat());
  return { points: points.length, fingerprint, ...columns };
}

/** Degrees; about ten metres. */
const NEAR = 1e-4;

/** No way across the Earth is the shortest: PostGIS refuses a line that has such a piece. */
function isAcross(before: PointRead | undefined, { latitude, longitude }: PointRead): boolean {
  if (before === undefined) return false;
  const isMirrored = Math.abs(before.latitude + latitude) < NEAR;
  const isBehind = Math.abs(Math.abs(before.longitude - longitude) - 180) < NEAR;
  const isPole = Math.abs(latitude) > 90 - NEAR;
  return isMirrored && (isBehind || isPole);
}

interface PointRead {
  /** Where it stands in the payload. */
  index: number;
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

function readPoint(raw: unknown, index: number, { context }: ItemPlace): PointRead | IssueCode {
  const parsed = routePointSchema.safeParse(raw);
  if (!parsed.success) return 'unrecognised_shape';
  const point = parsed.data;
  const latitude = optional(point.latitude ?? point.lat);
  const longitude = optional(point.longitude ?? point.lon);
  if (latitude === null || longitude === null) return 'value_missing';
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return 'implausible_place';
  const at = momentOf(point, context);
  if (typeof at === 'string') return at;
  return {
    index,
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

/** Nearly always as they were sent; and a way without times is as it was sent. */
const inOrderOfTime = (points: PointRead[]): PointRead[] =>
  points.every(({ at }, i) => i === 0 || at === null || at >= (points[i - 1]?.at ?? 0)) ||
  points.some(({ at }) => at === null)
    ? points
    : points.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
