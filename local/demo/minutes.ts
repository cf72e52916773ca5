import { dateOf, instantOf, MINUTE, startOfDay, wallMinute } from './calendar.ts';
import { type Activity, type ActivityKind, type Day, PHONE, WATCH } from './day.ts';
import type { MetricName } from './metrics.ts';
import { around, chance, pick, type Random, randomFor, round } from './random.ts';
import { addReading, type Readings } from './readings.ts';

/** The minutes of a day of which the watch or the phone knows something. Pure. */

/** Beats a minute within a bucket, in the app's spelling. */
export interface Beats {
  Min: number;
  Avg: number;
  Max: number;
}

export interface Minute {
  at: number;
  doing: ActivityKind | 'awake' | 'asleep';
  beats: Beats;
  steps: number;
  /** Which devices counted the steps: one, each by itself, or both in one point. */
  counted: 'watch' | 'phone' | 'both' | 'joined';
}

interface Effort {
  beats: number;
  steps: number;
  kcal: number;
  km: number;
  /** What the watch measures besides, each minute: typical value, spread, digits. */
  measures: readonly (readonly [MetricName, number, number, number])[];
}

export const EFFORTS: Record<ActivityKind, Effort> = {
  walk: { beats: 96, steps: 108, kcal: 4.3, km: 0.082, measures: [] },
  run: {
    beats: 150,
    steps: 164,
    kcal: 11,
    km: 0.168,
    measures: [
      ['walking_running_distance', 0.168, 0.02, 4],
      ['running_speed', 10.1, 1.2, 2],
      ['running_power', 245, 30, 0],
      ['running_stride_length', 1.02, 0.08, 2],
      ['running_vertical_oscillation', 8.6, 0.8, 1],
      ['running_ground_contact_time', 248, 14, 0],
    ],
  },
  cycle: {
    beats: 132,
    steps: 0,
    kcal: 8.6,
    km: 0.38,
    measures: [
      ['cycling_distance', 0.38, 0.1, 4],
      ['cycling_speed', 22.8, 6, 1],
      ['cycling_power', 148, 45, 0],
      ['cycling_cadence', 82, 9, 0],
    ],
  },
  swim: {
    beats: 126,
    steps: 0,
    kcal: 9,
    km: 0.038,
    measures: [
      ['swimming_distance', 38, 9, 0],
      ['swimming_stroke_count', 21, 4, 0],
    ],
  },
  ski: {
    beats: 112,
    steps: 0,
    kcal: 6,
    km: 0.21,
    measures: [['distance_downhill_snow_sports', 0.21, 0.12, 3]],
  },
  dive: {
    beats: 88,
    steps: 0,
    kcal: 3.4,
    km: 0.012,
    measures: [
      ['underwater_depth', 11, 6, 1],
      ['underwater_temperature', 23.4, 1.2, 1],
    ],
  },
  wheel: {
    beats: 94,
    steps: 0,
    kcal: 3,
    km: 0.048,
    measures: [
      ['wheelchair_distance', 0.048, 0.012, 4],
      ['push_count', 42, 10, 0],
    ],
  },
};

/** In order of time, each minute at most once. */
export function minutesOf(day: Day): Minute[] {
  const random = randomFor(day.seed, dateOf(day.number), 'minutes');
  const active = day.activities.flatMap((activity) => activeMinutes(day, activity, random));
  const taken = new Set(active.map(({ at }) => at));
  const background = backgroundMinutes(day, random).filter(({ at }) => !taken.has(at));
  return [...active, ...background].sort((a, b) => a.at - b.at);
}

function activeMinutes(day: Day, activity: Activity, random: Random): Minute[] {
  const { beats, steps } = EFFORTS[activity.kind];
  const start = instantOf(day.number, activity.from);
  const counted = pick(random, ['both', 'both', 'joined', 'joined', 'watch', 'phone'] as const);
  return Array.from({ length: activity.minutes }, (_, i) => {
    const warmUp = Math.min(1, (i + 1) / 5);
    const average = day.restingHeart + 15 + (beats - day.restingHeart - 15) * warmUp;
    return {
      at: start + i * MINUTE,
      doing: activity.kind,
      beats: beatsAround(random, average, 6),
      steps: steps === 0 ? 0 : Math.round(around(random, steps, 14)),
      counted,
    };
  });
}

/** The watch looks now and then: more often by day than by night. */
function backgroundMinutes(day: Day, random: Random): Minute[] {
  const minutes: Minute[] = [];
  const end = startOfDay(day.number + 1);
  for (let at = startOfDay(day.number); at < end; ) {
    const wall = wallMinute(at);
    const asleep = wall < day.wake || wall >= day.bed;
    const moves = !asleep && day.kind !== 'wheels' && chance(random, 0.3);
    minutes.push({
      at,
      doing: asleep ? 'asleep' : 'awake',
      beats: beatsAround(random, day.restingHeart + (asleep ? 0 : 14), asleep ? 4 : 9),
      // Samples that reach over a minute are spread over its neighbours, hence fractions.
      steps: moves ? round(around(random, 80, 70), 2) : 0,
      counted: chance(random, 0.3) ? 'phone' : 'watch',
    });
    at += Math.round(asleep ? around(random, 50, 20) : around(random, 19, 7)) * MINUTE;
  }
  return minutes;
}

function beatsAround(random: Random, average: number, spread: number): Beats {
  const Avg = round(around(random, average, spread), 2);
  const reach = 1 + random() * spread;
  return { Min: Math.floor(Avg - reach), Avg, Max: Math.ceil(Avg + reach) };
}

/** What an upload with minutes grouping says of them. */
export function minuteReadings(day: Day, minutes: readonly Minute[]): Readings {
  const random = randomFor(day.seed, dateOf(day.number), 'measures');
  const readings: Readings = new Map();
  for (const minute of minutes) {
    addReading(readings, 'heart_rate', {
      at: minute.at,
      source: WATCH,
      fields: { ...minute.beats },
    });
    if (minute.steps > 0) addSteps(readings, minute, random);
    if (minute.doing !== 'awake' && minute.doing !== 'asleep' && minute.doing !== 'walk') {
      addMeasures(readings, { at: minute.at, effort: EFFORTS[minute.doing] }, random);
    }
  }
  return readings;
}

function addSteps(readings: Readings, { at, steps, counted }: Minute, random: Random): void {
  const add = (source: string, qty: number) =>
    addReading(readings, 'step_count', { at, source, fields: { qty } });
  // The app names the devices of a joined point in no fixed order.
  const joined = chance(random, 0.8) ? `${WATCH}|${PHONE}` : `${PHONE}|${WATCH}`;
  if (counted === 'joined') add(joined, steps);
  if (counted === 'watch' || counted === 'both') add(WATCH, steps);
  if (counted === 'phone' || counted === 'both')
    add(PHONE, Math.ceil(steps * around(random, 0.92, 0.1)));
}

function addMeasures(
  readings: Readings,
  { at, effort }: { at: number; effort: Effort },
  random: Random,
): void {
  const energy = round(around(random, effort.kcal, 1.5), 2) * 4.184;
  addReading(readings, 'active_energy', { at, source: WATCH, fields: { qty: energy } });
  for (const [metric, typical, spread, digits] of effort.measures) {
    const qty = round(around(random, typical, spread), digits);
    addReading(readings, metric, { at, source: WATCH, fields: { qty } });
  }
}
