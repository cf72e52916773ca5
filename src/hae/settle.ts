import type {
  BloodPressure,
  Electrocardiogram,
  HealthEvent,
  Night,
  Sample,
  SleepStage,
  Workout,
  WorkoutSeries,
} from '../model.ts';
import type { KeyRule, SeriesRule } from './shelf.ts';

/**
 * What becomes of two rows for the same thing in one payload. The order of items says nothing, so each rule picks by
 * what the rows say; the upserts in `store/` hold the same rules between slices. Pure.
 */

/** Of two values for one moment the greater stands. */
export const samples: SeriesRule<Sample> = {
  compare: (a, b) => a.recordedAt - b.recordedAt,
  join: (a, b) =>
    greater(a, b, ({ value, min, max, endedAt }) => [
      value,
      min ?? LEAST,
      max ?? LEAST,
      endedAt ?? LEAST,
    ]),
};

/** The app may send the halves of a reading apart. */
export const pressures: SeriesRule<BloodPressure> = {
  compare: (a, b) => a.recordedAt - b.recordedAt,
  join: (a, b) => ({
    recordedAt: a.recordedAt,
    systolic: greaterNumber(a.systolic, b.systolic),
    diastolic: greaterNumber(a.diastolic, b.diastolic),
    pulse: greaterNumber(a.pulse, b.pulse),
  }),
};

/** The fuller record of a night stands, unless it is one that cannot be. */
export const nights: SeriesRule<Night> = {
  compare: (a, b) => a.endedAt - b.endedAt,
  join: (a, b) =>
    greater(a, b, ({ isPlausible, total, fingerprint }) => [
      Number(isPlausible),
      total,
      fingerprint,
    ]),
};

export const stages: SeriesRule<SleepStage> = {
  compare: (a, b) => a.startedAt - b.startedAt || compareText(a.stage, b.stage),
  join: (a, b) => greater(a, b, ({ endedAt, label }) => [endedAt, label]),
};

export const electrocardiograms: SeriesRule<Electrocardiogram> = {
  compare: (a, b) => a.startedAt - b.startedAt,
  join: (a, b) => greater(a, b, ({ voltages, fingerprint }) => [voltages.length, fingerprint]),
};

export const events: KeyRule<HealthEvent> = {
  key: ({ kind, key, keyIsUnique, startedAt }) =>
    [kind, key, ...(keyIsUnique ? [] : [startedAt])].join('\n'),
  join: (a, b) => greater(a, b, ({ quantity, fingerprint }) => [quantity ?? LEAST, fingerprint]),
};

/** One of the summaries stands whole; of each series and of the route the fuller one. */
export const workouts: KeyRule<Workout> = {
  key: ({ externalId }) => externalId,
  join: (a, b) => {
    const series = [...a.series];
    for (const batch of b.series) {
      const i = series.findIndex((each) => isSameSeries(each, batch));
      const known = series[i];
      if (known === undefined) series.push(batch);
      else series[i] = greater(known, batch, rankOfPoints);
    }
    return {
      ...greater(a, b, ({ fingerprint }) => [fingerprint]),
      series,
      route: a.route && b.route ? greater(a.route, b.route, rankOfPoints) : (a.route ?? b.route),
    };
  },
};

const rankOfPoints = (record: { points: number; fingerprint: number }) => [
  record.points,
  record.fingerprint,
];

const isSameSeries = ({ series: a }: WorkoutSeries, { series: b }: WorkoutSeries) =>
  a.metric === b.metric && a.source === b.source && a.context === b.context && a.unit === b.unit;

const LEAST = Number.NEGATIVE_INFINITY;

/** By the first part of their ranks that differs. Texts compare by code units, as Postgres does under "C". */
function greater<T>(a: T, b: T, rank: (row: T) => (number | string)[]): T {
  const ranks = rank(b);
  for (const [i, part] of rank(a).entries()) {
    const other = ranks[i] ?? part;
    if (part !== other) return part > other ? a : b;
  }
  return a;
}

const greaterNumber = (a: number | null, b: number | null): number | null =>
  (a ?? LEAST) >= (b ?? LEAST) ? a : b;

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
