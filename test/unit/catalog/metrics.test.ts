import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalName,
  findMetric,
  METRICS,
  SPLIT_PRESSURE,
} from '../../../src/catalog/metrics.ts';

const names = METRICS.flatMap(({ name, aliases }) => [name, ...aliases]);

describe('the catalogue', () => {
  it('has the 117 metrics of the app', () => {
    expect(METRICS).toHaveLength(117);
  });

  it('uses no name or alias twice', () => {
    const twice = names.filter((name, i) => names.indexOf(name) !== i);
    expect(twice).toEqual([]);
  });

  it('spells every name and alias canonically', () => {
    expect(names.map(canonicalName)).toEqual(names);
  });

  it('gives every metric a title and a category in clean words', () => {
    for (const { title, category } of METRICS) {
      expect(title).toMatch(/^[A-Z0-9]/);
      expect(category).toMatch(/^[a-z]+(_[a-z]+)*$/);
    }
  });

  it.each([
    ['step_count', 'sum', 'count'],
    ['active_energy', 'sum', 'kcal'],
    ['dietary_energy', 'sum', 'kcal'],
    ['vitamin_b12', 'sum', 'mcg'],
    ['vitamin_b6', 'sum', 'mg'],
    ['heart_rate', 'range', 'count/min'],
    ['resting_heart_rate', 'average', 'count/min'],
    ['blood_glucose', 'average', 'mmol/L'],
    ['blood_pressure', 'own', 'mmHg'],
    ['sleep_analysis', 'own', 'hr'],
    ['sexual_activity', 'own', 'count'],
  ])('knows %s as %s in %s', (name, kind, unit) => {
    expect(findMetric(name)).toMatchObject({ name, kind, unit });
  });

  it('has one metric that is a range: the heart rate', () => {
    const ranges = METRICS.filter(({ kind }) => kind === 'range');
    expect(ranges.map(({ name }) => name)).toEqual(['heart_rate']);
  });
});

describe('finding a metric', () => {
  it('finds each one by its name, its aliases and its title', () => {
    for (const metric of METRICS) {
      for (const text of [metric.name, metric.title, ...metric.aliases]) {
        expect(findMetric(text), text).toBe(metric);
      }
    }
  });

  it.each([
    ['walking_+_running_distance', 'walking_running_distance'],
    ['weight_&_body_mass', 'weight_body_mass'],
    ['stair_speed:_up', 'stair_speed_up'],
    ['stair_speed:_down', 'stair_speed_down'],
    ['six-minute_walking_test_distance', 'six_minute_walking_test_distance'],
    ['six‑minute walking\u00a0test distance', 'six_minute_walking_test_distance'],
    ['dietary_vitamin_c', 'vitamin_c'],
    ['monosaturated_fat', 'monounsaturated_fat'],
    ['vo2max', 'vo2_max'],
    ['VO₂ Max', 'vo2_max'],
    ['  Heart\tRate ', 'heart_rate'],
    ['Heart\u200b Rate\u0000', 'heart_rate'],
    ['ＳＴＥＰＳ', 'step_count'],
  ])('finds %j as %s', (wireName, name) => {
    expect(findMetric(wireName)?.name).toBe(name);
  });

  it.each(['', 'swimming', 'heart_rates', '__proto__', 'constructor', 'toString'])(
    'does not know %j',
    (wireName) => {
      expect(findMetric(wireName)).toBeUndefined();
    },
  );

  it('knows the halves of blood pressure apart from the metric', () => {
    expect(SPLIT_PRESSURE.get('blood_pressure_systolic')).toBe('systolic');
    expect(SPLIT_PRESSURE.get('blood_pressure_diastolic')).toBe('diastolic');
    expect(findMetric('blood_pressure_systolic')).toBeUndefined();
  });
});

describe('the canonical name of an unknown metric', () => {
  it.each([
    ['Foo Bar', 'foo_bar'],
    ['foo_bar', 'foo_bar'],
    [' foo - BAR ', 'foo_bar'],
    ['foo & bar: baz+', 'foo_bar_baz'],
    ['foo＋：bar', 'foobar'],
    ['Élan vital', 'élan_vital'],
    ['E\u0301lan+ vital', 'élan_vital'],
    ['歩数', '歩数'],
    ['+', ''],
    ['\ud800x', '\ufffdx'],
  ])('of %j is %j', (wireName, canonical) => {
    expect(canonicalName(wireName)).toBe(canonical);
  });

  it('stays the same when the rule is applied again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = canonicalName(text);
        expect(canonicalName(once)).toBe(once);
        expect(once).not.toMatch(/[A-Z\s+&:\p{Cc}]/u);
      }),
    );
  });
});
