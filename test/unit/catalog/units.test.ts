import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMetric, METRICS } from '../../../src/catalog/metrics.ts';
import { CASE_MATTERS, UNITS } from '../../../src/catalog/unit-table.ts';
import { converter } from '../../../src/catalog/units.ts';

/** Converts to the unit of a metric of that unit; `undefined` where there is no way. */
function convert(value: number, from: string | null, to: string): number | undefined {
  return converter(from, { name: 'anything', unit: to })?.convert(value);
}

function forMetric(name: string, from: string | null) {
  const metric = findMetric(name);
  if (metric === undefined) throw new Error(`no metric ${name}`);
  return converter(from, metric);
}

describe('every unit string of the app', () => {
  it.each<[number, string, number, string]>([
    [250, 'kcal', 250, 'kcal'],
    [250, 'Cal', 250, 'kcal'],
    [250, 'cal', 0.25, 'kcal'],
    [418.4, 'kJ', 100, 'kcal'],
    [418_400, 'J', 100, 'kcal'],
    [1500, 'm', 1.5, 'km'],
    [1.5, 'km', 1.5, 'km'],
    [170, 'cm', 1.7, 'm'],
    [1700, 'mm', 1.7, 'm'],
    [1, 'mi', 1.609344, 'km'],
    [10, 'ft', 3.048, 'm'],
    [100, 'yd', 91.44, 'm'],
    [10, 'in', 25.4, 'cm'],
    [70, 'kg', 70, 'kg'],
    [70_000, 'g', 70, 'kg'],
    [500, 'mg', 0.5, 'g'],
    [500, 'mcg', 0.5, 'mg'],
    [500, 'µg', 500, 'mcg'],
    [100, 'lb', 45.359237, 'kg'],
    [16, 'oz', 0.45359237, 'kg'],
    [10, 'st', 63.5029318, 'kg'],
    [5, 'km/hr', 5, 'km/hr'],
    [5, 'kmph', 5, 'km/hr'],
    [5, 'km/h', 5, 'km/hr'],
    [10, 'mi/hr', 16.09344, 'km/hr'],
    [10, 'mph', 16.09344, 'km/hr'],
    [10, 'm/s', 36, 'km/hr'],
    [10, 'ft/s', 3.048, 'm/s'],
    [1000, 'm/hr', 1, 'km/hr'],
    [61, 'count/min', 61, 'count/min'],
    [61, 'bpm', 61, 'count/min'],
    [61, 'spm', 61, 'count/min'],
    [61, 'rpm', 61, 'count/min'],
    [14, 'breaths/min', 14, 'count/min'],
    [1.5, 'count/s', 90, 'count/min'],
    [36.6, 'degC', 36.6, 'degC'],
    [36.6, 'ºC', 36.6, 'degC'],
    [36.6, '°C', 36.6, 'degC'],
    [98.6, 'degF', 37, 'degC'],
    [98.6, 'ºF', 37, 'degC'],
    [98.6, '°F', 37, 'degC'],
    [300, 'K', 26.85, 'degC'],
    [120, 'mmHg', 120, 'mmHg'],
    [16, 'kPa', 120.00985, 'mmHg'],
    [100, 'cmAq', 73.55591, 'mmHg'],
    [5.5, 'mmol/L', 5.5, 'mmol/L'],
    [90.078, 'mg/dL', 5, 'mmol/L'],
    [5.5, 'mmol<180.15588>/L', 5.5, 'mmol/L'],
    [5.5, 'mmol<180.1558800000541>/L', 5.5, 'mmol/L'],
    [250, 'mL', 250, 'mL'],
    [2, 'L', 2000, 'mL'],
    [1, 'fl_oz_us', 29.5735295625, 'mL'],
    [1, 'fl_oz_imp', 28.4130625, 'mL'],
    [1, 'cup_us', 236.5882365, 'mL'],
    [1, 'pt_us', 473.176473, 'mL'],
    [20, 's', 20, 's'],
    [20, 'sec', 20, 's'],
    [90, 'min', 1.5, 'hr'],
    [1.5, 'hr', 90, 'min'],
    [1500, 'ms', 1.5, 's'],
    [210, 'W', 210, 'W'],
    [210, 'watts', 210, 'W'],
    [4, 'MET', 4, 'kcal/hr·kg'],
    [4, 'METs', 4, 'kcal/hr·kg'],
    [4, 'kcal/hr·kg', 4, 'kcal/hr·kg'],
    [4, 'kcal/(kg·hr)', 4, 'kcal/hr·kg'],
    [41, 'ml/(kg·min)', 41, 'ml/(kg·min)'],
    [41, 'mL/min·kg', 41, 'ml/(kg·min)'],
    [41, 'mL/kg/min', 41, 'ml/(kg·min)'],
    [70, 'dBASPL', 70, 'dBASPL'],
    [70, 'dB', 70, 'dBASPL'],
    [12.5, 'mcV', 12.5, 'mcV'],
    [12.5, 'uV', 12.5, 'mcV'],
    [12.5, 'µV', 12.5, 'mcV'],
    [0.0000125, 'V', 12.5, 'mcV'],
    [3, 'count', 3, 'count'],
    [3, 'steps', 3, 'count'],
    [3, 'times', 3, 'count'],
    [3, 'falls', 3, 'count'],
    [97, '%', 97, '%'],
    [2, 'IU', 2, 'IU'],
    [0.5, 'S', 0.5, 'S'],
    [500_000, 'mcS', 0.5, 'S'],
    [3, '', 3, 'kcal'],
  ])('reads %d %s as %d %s', (value, from, expected, to) => {
    expect(convert(value, from, to)).toBeCloseTo(expected, 5);
  });

  it('reads hours as a count for the stand hours only', () => {
    expect(forMetric('apple_stand_hour', 'hours')?.convert(11)).toBe(11);
    expect(forMetric('step_count', 'hours')).toBeUndefined();
    expect(forMetric('sleep_analysis', 'hours')?.convert(7.5)).toBe(7.5);
  });
});

describe('the metric decides', () => {
  it('has a known unit for every metric of the catalogue', () => {
    const known = Object.values(UNITS).flatMap(Object.keys);
    expect(known).toEqual(expect.arrayContaining(METRICS.map(({ unit }) => unit)));
  });

  it('names the unit that converted values are in', () => {
    expect(forMetric('active_energy', 'kJ')?.unit).toBe('kcal');
    expect(forMetric('step_count', 'steps')?.unit).toBe('count');
  });

  it.each([null, '', '  ', '\u200b'])('takes %j for the unit of the metric', (unit) => {
    expect(forMetric('active_energy', unit)?.convert(132.4)).toBe(132.4);
  });

  it('refuses an unknown unit', () => {
    expect(forMetric('active_energy', 'furlongs')).toBeUndefined();
    expect(forMetric('active_energy', 'constructor')).toBeUndefined();
  });

  it('refuses a unit of another dimension', () => {
    expect(forMetric('active_energy', 'km')).toBeUndefined();
    expect(forMetric('weight_body_mass', '%')).toBeUndefined();
    expect(forMetric('heart_rate', 'count')).toBeUndefined();
  });

  it('converts mg/dL for glucose only', () => {
    expect(forMetric('blood_glucose', 'mg/dL')).toBeDefined();
    expect(forMetric('dietary_cholesterol', 'mg/dL')).toBeUndefined();
    expect(forMetric('blood_glucose', 'mg')).toBeUndefined();
  });

  it('takes only itself for a unit that the table does not have', () => {
    expect(convert(3, 'beats', 'beats')).toBe(3);
    expect(convert(3, 'count', 'beats')).toBeUndefined();
  });
});

describe('spellings of one unit', () => {
  it.each([
    ['\u00b5g', 'mcg'],
    ['\u03bcg', 'mcg'],
    ['kcal/hr\u22c5kg', 'kcal/hr·kg'],
    [' kcal / hr · kg ', 'kcal/hr·kg'],
    ['Count/Min', 'count/min'],
    ['KJ', 'kcal'],
    ['Kg', 'kg'],
    ['fl oz us', 'mL'],
    ['ml', 'mL'],
    ['\u2103', 'degC'],
    ['km\u00a0/\u00a0h', 'km/hr'],
  ])('knows %j where %s is wanted', (given, wanted) => {
    expect(convert(1, given, wanted)).toBeDefined();
  });

  it.each([
    ['Mg', 'mg'],
    ['MG', 'mg'],
    ['ML', 'mL'],
    ['Ms', 'ms'],
    ['Mm', 'm'],
    ['CAL', 'kcal'],
    ['S', 's'],
    ['s', 'S'],
  ])('does not take %s for %s', (given, wanted) => {
    expect(convert(1, given, wanted)).toBeUndefined();
  });

  it('tells the small calorie from the large one', () => {
    expect(convert(1000, 'cal', 'kcal')).toBe(1);
    expect(convert(1000, 'Cal', 'kcal')).toBe(1000);
  });

  it('gives no spelling to two dimensions', () => {
    const spellings = Object.values(UNITS)
      .flatMap(Object.keys)
      .map((text) => text.normalize('NFKC'))
      .map((text) => (CASE_MATTERS.has(text.toLowerCase()) ? text : text.toLowerCase()));
    expect(spellings.filter((text, i) => spellings.indexOf(text) !== i)).toEqual([]);
  });
});

describe('numbers', () => {
  it.each<[number, string, number, string]>([
    [170, 'cm', 1.7, 'm'],
    [70_000, 'g', 70, 'kg'],
    [418.4, 'kJ', 100, 'kcal'],
    [300, 'K', 26.85, 'degC'],
    [98.6, 'degF', 37, 'degC'],
    [0.7, 'km', 700, 'm'],
    [110, 'cm', 1.1, 'm'],
  ])('makes no noise: %d %s is exactly %d %s', (value, from, expected, to) => {
    expect(convert(value, from, to)).toBe(expected);
  });

  it('leaves values in the own unit as they are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...METRICS), fc.double({ noNaN: true }), (metric, value) => {
        expect(converter(metric.unit, metric)?.convert(value)).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  const pairs = Object.values(UNITS).flatMap((units) => {
    const texts = Object.keys(units);
    return texts.flatMap((from) => texts.map((to) => [from, to] as const));
  });

  it('come back close after a conversion there and back', () => {
    const readable = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...pairs), readable, ([from, to], value) => {
        const there = convert(value, from, to);
        const back = there === undefined ? Number.NaN : convert(there, to, from);
        // Against the shift of a temperature, whatever is small is lost.
        expect(Math.abs((back ?? Number.NaN) - value)).toBeLessThanOrEqual(
          1e-12 * Math.max(Math.abs(value), 1000),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('keep their order', () => {
    const readable = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...pairs), readable, readable, ([from, to], a, b) => {
        const low = convert(Math.min(a, b), from, to) ?? Number.NaN;
        const high = convert(Math.max(a, b), from, to) ?? Number.NaN;
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });
});
