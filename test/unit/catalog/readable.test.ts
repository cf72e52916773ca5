import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readable } from '../../../src/catalog/display.ts';

/** Thousandths, so that the right sum is an integer. */
const THOUSANDTHS = fc.array(fc.integer({ min: 0, max: 999_999 }), {
  minLength: 1,
  maxLength: 1_440,
});

it('A sum of a day is shown as it comes out with pencil and paper', () => {
  fc.assert(
    fc.property(THOUSANDTHS, (values) => {
      const added = values.reduce((sum, value) => sum + value / 1_000, 0);
      const exact = values.reduce((sum, value) => sum + value, 0) / 1_000;
      expect(readable(added)).toBe(exact);
    }),
  );
});

it('What is readable stays as it is', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(readable(readable(value))).toBe(readable(value));
      expect(Math.abs(readable(value) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-11);
    }),
  );
});

it.each([
  [4786.900000000001, 4786.9],
  [0.1 + 0.2, 0.3],
  [12_345_678, 12_345_678],
  [-0.30000000000000004, -0.3],
  [0, 0],
])('%d is shown as %d', (computed, shown) => {
  expect(readable(computed)).toBe(shown);
});
