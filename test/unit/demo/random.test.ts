import { expect, it } from 'vitest';
import { around, mulberry32, randomFor, uuid } from '../../../local/demo/random.ts';

const take = (n: number, random: () => number): number[] => Array.from({ length: n }, random);

it('gives the published first numbers of mulberry32', () => {
  const random = mulberry32(1);
  expect(take(3, random).map((x) => Math.floor(x * 2 ** 32))).toEqual([
    2693262067, 11749833, 2265367787,
  ]);
});

it('repeats a stream by seed and labels, and gives another for any other', () => {
  const first = take(5, randomFor(1, '2026-03-02', 'meals'));
  expect(take(5, randomFor(1, '2026-03-02', 'meals'))).toEqual(first);
  expect(take(5, randomFor(2, '2026-03-02', 'meals'))).not.toEqual(first);
  expect(take(5, randomFor(1, '2026-03-02', 'steps'))).not.toEqual(first);
});

it('stays within the spread', () => {
  const random = mulberry32(7);
  const values = take(10_000, () => around(random, 50, 4));
  expect(Math.min(...values)).toBeGreaterThan(46);
  expect(Math.max(...values)).toBeLessThan(54);
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(50, 0);
});

it('writes UUIDs in upper case', () => {
  expect(uuid(mulberry32(3))).toMatch(
    /^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-A[0-9A-F]{3}-[0-9A-F]{12}$/,
  );
});
