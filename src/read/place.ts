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
  if (partsOf(box).length === 0) return 'The box has no width.';
  return null;
}

/** One box, or two that meet at the antimeridian. */
function partsOf({ west, south, east, north }: Box): Box[] {
  const parts =
    west <= east
      ? [{ west, south, east, north }]
      : [
          { west, south, east: 180, north },
          { west: -180, south, east, north },
        ];
  return parts.filter((part) => part.west < part.east);
}

/** The box as it is on a map, in EWKT. */
export function areaOf(box: Box): string {
  const rings = partsOf(box).map(
    ({ west, south, east, north }) =>
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
  const points = partsOf(box).flatMap(({ west, south, east, north }) =>
    [west, ...between(west, east, [-90, 0, 90]), east].flatMap((longitude) =>
      [south, ...between(south, north, [0]), north].map((latitude) => `(${longitude} ${latitude})`),
    ),
  );
  return `SRID=4326;MULTIPOINT(${points.join(',')})`;
}

const between = (low: number, high: number, values: readonly number[]): number[] =>
  values.filter((value) => low < value && value < high);

export const pointOf = ({ longitude, latitude }: Circle): string =>
  `SRID=4326;POINT(${longitude} ${latitude})`;
