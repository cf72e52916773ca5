import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaOf, type Box, extentOf, faultOfBox, shiftedAreaOf } from '../../../src/read/place.ts';

const box = (west: number, south: number, east: number, north: number): Box => ({
  west,
  south,
  east,
  north,
});

const numbersIn = (text: string): number[][] =>
  [...text.replace('SRID=4326;', '').matchAll(/(-?[\d.e-]+) (-?[\d.e-]+)/g)].map((pair) =>
    pair.slice(1).map(Number),
  );
const longitudesIn = (text: string): number[] => [
  ...new Set(numbersIn(text).map(([longitude = 0]) => longitude)),
];

describe('a box', () => {
  it.each([
    [box(16, 48, 17, 49), null],
    [box(170, -20, -170, -10), null],
    [box(-180, -90, 180, 90), null],
    [box(180, 0, -179, 1), null],
    [box(16, 48, 16, 49), 'The box has no width.'],
    [box(180, 0, -180, 1), 'The box has no width.'],
    [box(16, 49, 17, 49), 'South has to be below north.'],
    [box(-181, 0, 0, 1), 'Longitudes go from -180 to 180.'],
    [box(0, 0, 1, 90.1), 'Latitudes go from -90 to 90.'],
  ])('%j: %s', (given, fault) => {
    expect(faultOfBox(given)).toBe(fault);
  });

  it.each([
    [box(16, 0, 17, 1), [16, 17], [16, 17]],
    [box(-17, 0, -16, 1), [-17, -16], [343, 344]],
    [box(-16, 0, 17, 1), [-16, 17], [0, 17, 344, 360]],
    [box(170, 0, -170, 1), [170, 180, -180, -170], [170, 190]],
    [box(-180, 0, 180, 1), [-180, 180], [0, 360]],
    [box(20, 0, 10, 1), [20, 180, -180, 10], [0, 10, 20, 360]],
  ])('%j is cut where a map ends', (given, longitudes, shifted) => {
    expect(longitudesIn(areaOf(given))).toEqual(longitudes);
    expect(longitudesIn(shiftedAreaOf(given)).toSorted((a, b) => a - b)).toEqual(shifted);
  });
});

/** Where a place is, seen from the centre of the Earth. */
function directionOf(longitude: number, latitude: number): number[] {
  const [a, b] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180];
  return [Math.cos(b) * Math.cos(a), Math.cos(b) * Math.sin(a), Math.sin(b)];
}

const degrees = (most: number) =>
  fc.integer({ min: -most * 100, max: most * 100 }).map((n) => n / 100);
const share = fc.double({ min: 0, max: 1, noNaN: true });

it('no place in a box reaches further than its extent', () => {
  fc.assert(
    fc.property(degrees(180), degrees(90), degrees(180), degrees(90), share, share, (...given) => {
      const [west, south, east, north, x, y] = given;
      const asked = box(west, south, east, north);
      fc.pre(faultOfBox(asked) === null);
      const width = west < east ? east - west : east - west + 360;
      const inside = directionOf(west + x * width, south + y * (north - south));
      const corners = numbersIn(extentOf(asked)).map(([a = 0, b = 0]) => directionOf(a, b));
      inside.forEach((value, axis) => {
        const reach = corners.map((corner) => corner[axis] ?? 0);
        expect(value).toBeLessThanOrEqual(Math.max(...reach) + 1e-12);
        expect(value).toBeGreaterThanOrEqual(Math.min(...reach) - 1e-12);
      });
    }),
    { numRuns: 1_000 },
  );
});
