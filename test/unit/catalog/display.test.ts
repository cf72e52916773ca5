import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayOf, STORED_UNITS, unitsBeside } from '../../../src/catalog/display.ts';
import { METRICS } from '../../../src/catalog/metrics.ts';
import { converter } from '../../../src/catalog/units.ts';

const toDisplay = (value: number, metric: string, unit: string, shown: string): number =>
  displayOf(metric, unit, { [unit]: shown }).value(value);

/** Every metric with every unit that it can be shown in. */
const WAYS = METRICS.flatMap((metric) =>
  unitsBeside(metric.unit).map((shown) => ({ metric, shown })),
);
const way = fc.constantFrom(...WAYS);
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));

describe('a stored value is shown', () => {
  it.each([
    [10, 'walking_running_distance', 'km', 'mi', 6.21371192],
    [80, 'weight_body_mass', 'kg', 'lb', 176.369809748],
    [37, 'body_temperature', 'degC', 'degF', 98.6],
    [5.5, 'blood_glucose', 'mmol/L', 'mg/dL', 99.0858],
    [100, 'active_energy', 'kcal', 'kJ', 418.4],
    [7.5, 'sleep_analysis', 'hr', 'min', 450],
    [250, 'dietary_water', 'mL', 'L', 0.25],
  ])('%d of %s in %s, as %s', (stored, metric, unit, shown, expected) => {
    expect(toDisplay(stored, metric, unit, shown)).toBeCloseTo(expected, 6);
  });

  it('as it is, where the unit to show measures something else or is unknown', () => {
    expect(toDisplay(10, 'walking_running_distance', 'km', 'kg')).toBe(10);
    expect(toDisplay(10, 'walking_running_distance', 'km', 'parsec')).toBe(10);
    expect(displayOf('walking_running_distance', 'km', { kg: 'lb' })).toMatchObject({ unit: 'km' });
  });

  it('by the molar mass of glucose only if it is glucose', () => {
    expect(displayOf('blood_ketones', 'mmol/L', { 'mmol/L': 'mg/dL' }).unit).toBe('mmol/L');
  });

  it('a difference of temperatures without the shift of the scale', () => {
    const { unit, difference } = displayOf('body_temperature', 'degC', { degC: 'degF' });
    expect(unit).toBe('degF');
    expect(difference(1)).toBeCloseTo(1.8, 12);
    expect(difference(0)).toBe(0);
  });
});

describe('for every metric and unit', () => {
  it('what is shown, sent back in, is what was stored', () => {
    fc.assert(
      fc.property(way, value, ({ metric, shown }, stored) => {
        const back = converter(shown, metric);
        expect(back?.unit).toBe(metric.unit);
        const seen = toDisplay(stored, metric.name, metric.unit, shown);
        expect(near(stored, back?.convert(seen) ?? Number.NaN)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('what came in is shown as it was sent', () => {
    fc.assert(
      fc.property(way, value, ({ metric, shown }, sent) => {
        const stored = converter(shown, metric)?.convert(sent) ?? Number.NaN;
        expect(near(sent, toDisplay(stored, metric.name, metric.unit, shown))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('more stays more', () => {
    fc.assert(
      fc.property(way, value, value, ({ metric, shown }, a, b) => {
        const { value: show } = displayOf(metric.name, metric.unit, { [metric.unit]: shown });
        expect(Math.sign(show(a) - show(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('its own unit changes not a bit of a value', () => {
    for (const unit of STORED_UNITS) {
      fc.assert(
        fc.property(value, (stored) => toDisplay(stored, 'anything', unit, unit) === stored),
      );
    }
  });
});
