import { dateOf, HOUR, startOfDay, wallMinute } from './calendar.ts';
import { type Day, PHONE, WATCH } from './day.ts';
import type { MetricName } from './metrics.ts';
import { type Beats, EFFORTS, type Minute } from './minutes.ts';
import { around, chance, type Random, randomFor, round } from './random.ts';
import { addReading, type Readings } from './readings.ts';

/** The hours of a day, added up from its minutes. A day has 23, 24 or 25 of them. Pure. */

export interface Hour {
  at: number;
  /** By the clock on the wall. */
  hour: number;
  asleep: boolean;
  steps: number;
  km: number;
  kcal: number;
  exercise: number;
  beats: Beats | null;
  day: Day;
}

export function hoursOf(day: Day, minutes: readonly Minute[]): Hour[] {
  const hours: Hour[] = [];
  for (let at = startOfDay(day.number); at < startOfDay(day.number + 1); at += HOUR) {
    const within = minutes.filter((minute) => minute.at >= at && minute.at < at + HOUR);
    hours.push(addUp(day, at, within));
  }
  return hours;
}

function addUp(day: Day, at: number, minutes: readonly Minute[]): Hour {
  let [steps, km, kcal, exercise] = [0, 0, 0, 0];
  for (const minute of minutes) {
    steps += minute.steps;
    const effort = minute.doing in EFFORTS ? EFFORTS[minute.doing as keyof typeof EFFORTS] : null;
    km += effort !== null && effort.steps > 0 ? effort.km : minute.steps * 0.0007;
    kcal += effort?.kcal ?? (minute.doing === 'asleep' ? 0 : 0.4);
    exercise += effort !== null && effort.beats > 100 ? 1 : 0;
  }
  const wall = wallMinute(at);
  return {
    at,
    hour: wall / 60,
    asleep: wall + 60 <= day.wake || wall >= day.bed,
    steps,
    km,
    kcal,
    exercise,
    beats: widest(minutes),
    day,
  };
}

function widest(minutes: readonly Minute[]): Beats | null {
  if (minutes.length === 0) return null;
  return {
    Min: Math.min(...minutes.map(({ beats }) => beats.Min)),
    Avg: round(minutes.reduce((sum, { beats }) => sum + beats.Avg, 0) / minutes.length, 2),
    Max: Math.max(...minutes.map(({ beats }) => beats.Max)),
  };
}

type Measure = (hour: Hour, random: Random) => number | null;

interface Habit {
  metric: MetricName;
  source: string;
  measure: Measure;
}

const JOINED = `${WATCH}|${PHONE}`;

const walked =
  (share: number, measure: (random: Random) => number): Measure =>
  (hour, random) =>
    hour.steps > 700 && chance(random, share) ? measure(random) : null;

const asleep =
  (share: number, measure: Measure): Measure =>
  (hour, random) =>
    hour.asleep && chance(random, share) ? measure(hour, random) : null;

const awake =
  (share: number, measure: Measure): Measure =>
  (hour, random) =>
    !hour.asleep && chance(random, share) ? measure(hour, random) : null;

const positive = (value: number): number | null => (value > 0 ? value : null);

/** What stays nought over an hour is not sent. Energy comes in kJ: kcal times 4.184, with all the digits that gives. */
const HABITS: readonly Habit[] = [
  { metric: 'step_count', source: JOINED, measure: ({ steps }) => positive(round(steps, 2)) },
  {
    metric: 'walking_running_distance',
    source: JOINED,
    measure: ({ km }) => positive(round(km, 4)),
  },
  {
    metric: 'active_energy',
    source: WATCH,
    measure: ({ kcal }) => positive(round(kcal, 2) * 4.184),
  },
  {
    metric: 'basal_energy_burned',
    source: WATCH,
    measure: (hour, random) => round(around(random, hour.asleep ? 56 : 62, 3), 2) * 4.184,
  },
  { metric: 'apple_exercise_time', source: WATCH, measure: ({ exercise }) => positive(exercise) },
  {
    metric: 'apple_stand_time',
    source: WATCH,
    measure: awake(0.3, ({ steps }, random) => Math.ceil(around(random, 2, 1) + steps / 130)),
  },
  { metric: 'apple_stand_hour', source: WATCH, measure: ({ steps }) => (steps > 20 ? 1 : null) },
  { metric: 'flights_climbed', source: PHONE, measure: walked(0.5, (r) => Math.ceil(r() * 6)) },
  {
    metric: 'physical_effort',
    source: WATCH,
    measure: awake(0.2, ({ kcal }, random) => round(1.2 + kcal / 120 + random(), 1)),
  },
  {
    metric: 'time_in_daylight',
    source: WATCH,
    measure: ({ day, hour, steps }, random) =>
      steps > 700 && Math.abs(hour - 13) < 5 + 2 * day.season ? Math.ceil(random() * 40) : null,
  },
  {
    metric: 'uv_exposure',
    source: PHONE,
    measure: ({ day, hour }, random) =>
      hour === 13 ? Math.max(0, Math.round(around(random, 3 + 3 * day.season, 2))) : null,
  },
  {
    metric: 'environmental_audio_exposure',
    source: WATCH,
    measure: awake(0.25, (_, random) => round(around(random, 62, 14), 2)),
  },
  {
    metric: 'headphone_audio_exposure',
    source: PHONE,
    measure: awake(0.08, (_, random) => round(around(random, 71, 9), 2)),
  },
  {
    metric: 'respiratory_rate',
    source: WATCH,
    measure: asleep(0.3, ({ day }, random) =>
      round(around(random, day.kind === 'sick' ? 18.5 : 14.5, 1.5), 1),
    ),
  },
  {
    metric: 'blood_oxygen_saturation',
    source: WATCH,
    measure: (hour, random) =>
      chance(random, 0.15)
        ? Math.round(around(random, hour.day.kind === 'sick' ? 95 : 97, 2))
        : null,
  },
  {
    metric: 'heart_rate_variability',
    source: WATCH,
    measure: ({ day }, random) =>
      chance(random, 0.15) ? round(around(random, 130 - 1.3 * day.restingHeart, 18), 3) : null,
  },
  {
    metric: 'walking_speed',
    source: PHONE,
    measure: walked(0.6, (r) => round(around(r, 4.9, 0.6), 2)),
  },
  {
    metric: 'walking_step_length',
    source: PHONE,
    measure: walked(0.6, (r) => Math.round(around(r, 71, 5))),
  },
  {
    metric: 'walking_asymmetry_percentage',
    source: PHONE,
    measure: walked(0.3, (r) => round(r() * 3, 1)),
  },
  {
    metric: 'walking_double_support_percentage',
    source: PHONE,
    measure: walked(0.4, (r) => round(around(r, 28, 2.5), 1)),
  },
  {
    metric: 'stair_speed_up',
    source: WATCH,
    measure: walked(0.3, (r) => round(around(r, 0.42, 0.1), 2)),
  },
  {
    metric: 'stair_speed_down',
    source: WATCH,
    measure: walked(0.3, (r) => round(around(r, 0.47, 0.1), 2)),
  },
];

/** What an upload with hours grouping says of them. */
export function hourReadings(day: Day, hours: readonly Hour[]): Readings {
  const random = randomFor(day.seed, dateOf(day.number), 'hours');
  const readings: Readings = new Map();
  for (const hour of hours) {
    if (hour.beats !== null) {
      addReading(readings, 'heart_rate', { at: hour.at, source: WATCH, fields: { ...hour.beats } });
    }
    for (const { metric, source, measure } of HABITS) {
      const qty = measure(hour, random);
      if (qty !== null) addReading(readings, metric, { at: hour.at, source, fields: { qty } });
    }
  }
  return readings;
}
