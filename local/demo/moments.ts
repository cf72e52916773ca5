import { dateOf, instantOf } from './calendar.ts';
import { type Day, WATCH } from './day.ts';
import type { MetricName } from './metrics.ts';
import { around, chance, type Random, randomFor, round } from './random.ts';
import { addReading, type Reading, type Readings } from './readings.ts';

/** What Ada measures or notes by hand: single moments with fields of their own. Pure. */

const CUFF = 'Cuff';
const METER = 'Glucose Meter';
const PEN = 'Insulin Pen';
const HEALTH = 'Health';

interface Moment {
  metric: MetricName;
  source: string;
  /** Minutes of the day by the clock on the wall, and how far from them it may happen. */
  at: readonly number[];
  within: number;
  /** `n` counts the times of the day; `null` when it does not happen. */
  measure: (day: Day, random: Random, n: number) => Reading['fields'] | null;
}

const MEALS = [425, 750, 1155];

const MOMENTS: readonly Moment[] = [
  {
    metric: 'blood_pressure',
    source: CUFF,
    at: [415, 1290],
    within: 12,
    measure: (day, random, n) =>
      n === 0 || day.weekday % 3 === 0
        ? {
            systolic: Math.round(around(random, day.kind === 'sick' ? 124 : 118, 9)),
            diastolic: Math.round(around(random, 76, 6)),
          }
        : null,
  },
  {
    metric: 'blood_glucose',
    source: METER,
    at: [...MEALS.map((at) => at - 8), ...MEALS.map((at) => at + 110), 1330],
    within: 6,
    measure: (_, random, n) =>
      n < 3
        ? { qty: round(around(random, 5.6, 1.4), 1), mealTime: 'Before Meal' }
        : n < 6
          ? { qty: round(around(random, 8.1, 2.3), 1), mealTime: 'After Meal' }
          : { qty: round(around(random, 6.8, 1.8), 1), mealTime: 'Unspecified' },
  },
  {
    metric: 'insulin_delivery',
    source: PEN,
    at: [...MEALS, 1335],
    within: 1,
    measure: (day, random, n) =>
      n < 3
        ? { qty: Math.max(1, Math.round(around(random, 6 * day.appetite, 2))), reason: 'Bolus' }
        : { qty: 14, reason: 'Basal' },
  },
  {
    metric: 'toothbrushing',
    source: 'Brush',
    at: [435, 1340],
    within: 4,
    measure: (_, random) =>
      chance(random, 0.9)
        ? { qty: Math.round(around(random, 124, 4)), value: 'Complete' }
        : { qty: Math.round(around(random, 80, 25)), value: 'Incomplete' },
  },
  {
    metric: 'handwashing',
    source: WATCH,
    at: [740, 1050, 1150],
    within: 6,
    measure: (_, random) =>
      chance(random, 0.7)
        ? { qty: Math.round(around(random, 22, 2)), value: 'Complete' }
        : { qty: Math.round(around(random, 12, 5)), value: 'Incomplete' },
  },
  {
    metric: 'mindful_minutes',
    source: HEALTH,
    at: [1310],
    within: 10,
    measure: (_, random) =>
      chance(random, 0.4) ? { qty: Math.round(around(random, 9, 4)) } : null,
  },
  {
    metric: 'inhaler_usage',
    source: HEALTH,
    at: [640],
    within: 60,
    measure: (day, random) =>
      chance(random, day.kind === 'sick' ? 0.8 : 0.05) ? { qty: 1 + Number(random() < 0.3) } : null,
  },
  {
    metric: 'body_temperature',
    source: 'Thermometer',
    at: [500, 800, 1180],
    within: 20,
    measure: (day, random) =>
      day.kind === 'sick' ? { qty: round(around(random, 38.3, 0.8), 1) } : null,
  },
];

/** They go out with the minutes. */
export function momentReadings(day: Day): Readings {
  const random = randomFor(day.seed, dateOf(day.number), 'moments');
  const readings: Readings = new Map();
  for (const { metric, source, at, within, measure } of MOMENTS) {
    at.forEach((minute, n) => {
      const fields = measure(day, random, n);
      const when = instantOf(day.number, Math.round(around(random, minute, within)));
      if (fields !== null) addReading(readings, metric, { at: when, source, fields });
    });
  }
  return readings;
}
