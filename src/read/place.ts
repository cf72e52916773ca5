/** Places as the questions name them, and as PostGIS takes them. Pure. */

/** Degrees. West may lie east of east: then the box leads across the antimeridian. */
export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

export interface Circle {
  latitude: number;
  longitude: number;
  /** Metres. */
  within: number;
}

/** @returns what is wrong with the box, or null */
export function faultOfBox(box: Box): string | null {
  const { west, south, east, north } = box;
  if (Math.abs(west) > 180 || Math.abs(east) > 180) return 'Longitudes go from -180 to 180.';
  if (Math.abs(south) > 90 || Math.abs(north) > 90) return 'Latitudes go from -90 to 90.';
  if (south >= north) return 'South has to be below north.';
  if (longitudesOf(box).length === 0) return 'The box has no width.';
  return null;
}

type Interval = readonly [low: number, high: number];

const isWide = ([low, high]: Interval): boolean => low < high;

/** From -180 to 180: one interval, or two across the antimeridian. */
function longitudesOf({ west, east }: Box): Interval[] {
  const intervals: Interval[] =
    west <= east
      ? [[west, east]]
      : [
          [west, 180],
          [-180, east],
        ];
  return intervals.filter(isWide);
}

/** The same from 0 to 360, where nothing ends at the antimeridian. */
function shiftedLongitudesOf(box: Box): Interval[] {
  const shifted = longitudesOf(box)
    .flatMap(([low, high]): Interval[] => [
      [Math.min(low, 0) + 360, Math.min(high, 0) + 360],
      [Math.max(low, 0), Math.max(high, 0)],
    ])
    .filter(isWide)
    .toSorted(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [low, high] of shifted) {
    const last = joined.at(-1);
    if (last?.[1] === low) last[1] = high;
    else joined.push([low, high]);
  }
  return joined;
}

/** The box as it is on a map, in EWKT. */
export const areaOf = (box: Box): string => drawn(box, longitudesOf(box));

/** The box on a map that goes from 0 to 360 degrees, as ST_ShiftLongitude has it, in EWKT. */
export const shiftedAreaOf = (box: Box): string => drawn(box, shiftedLongitudesOf(box));

function drawn({ south, north }: Box, longitudes: readonly Interval[]): string {
  const rings = longitudes.map(
    ([west, east]) =>
      `((${west} ${south},${east} ${south},${east} ${north},${west} ${north},${west} ${south}))`,
  );
  return `SRID=4326;MULTIPOLYGON(${rings.join(',')})`;
}

/**
 * Points of the box, in EWKT, that reach as far as any of it in each of the three directions from the centre of the
 * Earth. PostGIS indexes tracks by such extents. A polygon would not do: its edges are the shortest ways, not
 * parallels, and what is wider than half the Earth it takes for the other half.
 */
export function extentOf(box: Box): string {
  const { south, north } = box;
  const latitudes = [south, ...between([south, north], [0]), north];
  const points = longitudesOf(box)
    .flatMap(([west, east]) => [west, ...between([west, east], [-90, 0, 90]), east])
    .flatMap((longitude) => latitudes.map((latitude) => `(${longitude} ${latitude})`));
  return `SRID=4326;MULTIPOINT(${points.join(',')})`;
}

const between = ([low, high]: Interval, values: readonly number[]): number[] =>
  values.filter((value) => low < value && value < high);

export const pointOf = ({ longitude, latitude }: Circle): string =>
  `SRID=4326;POINT(${longitude} ${latitude})`;
