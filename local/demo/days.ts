import { dateOf, startOfDay } from './calendar.ts';
import { type Day, isDayOfFall, PHONE, WATCH } from './day.ts';
import type { Hour } from './hours.ts';
import type { MetricName } from './metrics.ts';
import { NUTRIENTS } from './nutrients.ts';
import { around, chance, type Random, randomFor, round } from './random.ts';
import { addReading, type Readings } from './readings.ts';
import { nightBefore } from './sleep.ts';

/** What is known once a day. Points are stamped with local midnight. Pure. */

const SCALE = 'Bathroom Scale';
const HEALTH = 'Health';
const SPIROMETER = 'Spirometer';
const DIARY = 'Food Diary';

interface Habit {
  metric: MetricName;
  source: string;
  measure: (day: Day, random: Random) => number | null;
}

type Taken = (day: Day, random: Random) => boolean;

/** A typical value, how far it strays, its digits, and the days on which it is taken: all, if nothing is said. */
function measured(
  metric: MetricName,
  source: string,
  [typical, spread, digits, taken = () => true]: readonly [number, number, number, Taken?],
): Habit {
  return {
    metric,
    source,
    measure: (day, random) =>
      taken(day, random) ? round(around(random, typical, spread), digits) : null,
  };
}

const on = (weekday: number) => (day: Day) => day.weekday === weekday;
const every = (days: number) => (day: Day) => day.number % days === 0;
const sometimes = (share: number) => (_: Day, random: Random) => chance(random, share);
const trained = (day: Day) => day.activities.some(({ kind }) => kind === 'run' || kind === 'cycle');

/** A little heavier in winter. */
const weightOf = (day: Day): number =>
  round(around(randomFor(day.seed, day.number, 'weight'), 66.8 - 1.1 * day.season, 0.5), 1);
const HEIGHT_CM = 171;

const HABITS: readonly Habit[] = [
  // Body
  { metric: 'weight_body_mass', source: SCALE, measure: weightOf },
  {
    metric: 'body_mass_index',
    source: SCALE,
    measure: (day) => round(weightOf(day) / (HEIGHT_CM / 100) ** 2, 1),
  },
  measured('body_fat_percentage', SCALE, [24.5, 0.8, 1]),
  {
    metric: 'lean_body_mass',
    source: SCALE,
    measure: (day) => round(weightOf(day) * 0.755, 1),
  },
  measured('height', HEALTH, [HEIGHT_CM, 0, 0, every(90)]),
  measured('waist_circumference', HEALTH, [76, 1.5, 0, every(14)]),
  measured('apple_sleeping_wrist_temperature', WATCH, [35.4, 0.5, 2]),

  // Heart and vitals
  { metric: 'resting_heart_rate', source: WATCH, measure: ({ restingHeart }) => restingHeart },
  measured('walking_heart_rate_average', WATCH, [97, 7, 1, (day) => day.kind !== 'wheels']),
  measured('heart_rate_variability_rmssd', WATCH, [44, 14, 1]),
  measured('cardio_recovery', WATCH, [29, 6, 1, trained]),
  measured('vo2_max', WATCH, [38.6, 0.8, 1, trained]),
  measured('atrial_fibrillation_burden', WATCH, [1.5, 0.5, 0, on(1)]),
  measured('high_heart_rate_notifications', WATCH, [1, 0, 0, sometimes(0.04)]),
  measured('low_heart_rate_notifications', WATCH, [1, 0, 0, sometimes(0.04)]),
  measured('irregular_heart_rate_notifications', WATCH, [1, 0, 0, every(120)]),
  measured('basal_body_temperature', 'Thermometer', [36.5, 0.25, 2]),
  measured('peripheral_perfusion_index', 'Oximeter', [4.2, 2, 1, on(0)]),
  measured('electrodermal_activity', 'Wristband', [2.4, 1.4, 2, on(3)]),
  measured('cycling_functional_threshold_power', WATCH, [186, 6, 0, every(30)]),

  // Breathing
  measured('forced_expiratory_volume_1', SPIROMETER, [3.1, 0.2, 2, on(6)]),
  measured('forced_vital_capacity', SPIROMETER, [3.9, 0.2, 2, on(6)]),
  measured('peak_expiratory_flow_rate', SPIROMETER, [428, 30, 0, on(6)]),
  measured('breathing_disturbances', WATCH, [1.6, 1.2, 2]),

  // Movement
  measured('apple_move_time', WATCH, [58, 30, 0]),
  measured('six_minute_walking_test_distance', PHONE, [540, 25, 0, on(5)]),
  {
    metric: 'number_of_times_fallen',
    source: WATCH,
    measure: (day) => (isDayOfFall(day) ? 1 : null),
  },

  // Other
  measured('alcohol_consumption', DIARY, [1.5, 0.9, 0, on(5)]),
  measured('blood_alcohol_content', HEALTH, [0.03, 0.02, 3, (day) => on(5)(day) && every(2)(day)]),

  ...NUTRIENTS.map(
    ([metric, typical, digits]): Habit => ({
      metric,
      source: DIARY,
      measure: ({ appetite }, random) =>
        round(around(random, typical * appetite, typical * 0.3), digits),
    }),
  ),
];

/** What an upload with days grouping says of a day. */
export function dayReadings(day: Day, hours: readonly Hour[]): Readings {
  const random = randomFor(day.seed, dateOf(day.number), 'days');
  const at = startOfDay(day.number);
  const readings: Readings = new Map();
  for (const { metric, source, measure } of HABITS) {
    const qty = measure(day, random);
    if (qty !== null) addReading(readings, metric, { at, source, fields: { qty } });
  }
  for (const [metric, qty] of totals(hours)) {
    if (qty > 0) addReading(readings, metric, { at, source: `${WATCH}|${PHONE}`, fields: { qty } });
  }
  if (chance(random, 0.15)) addReading(readings, 'sexual_activity', intimate(at, random));
  addReading(readings, 'sleep_analysis', { at, source: WATCH, fields: nightBefore(day) });
  return readings;
}

function totals(hours: readonly Hour[]): [MetricName, number][] {
  const add = (of: (hour: Hour) => number): number =>
    hours.reduce((sum, hour) => sum + of(hour), 0);
  return [
    [
      'step_count',
      round(
        add(({ steps }) => steps),
        2,
      ),
    ],
    [
      'walking_running_distance',
      round(
        add(({ km }) => km),
        3,
      ),
    ],
    [
      'active_energy',
      round(
        add(({ kcal }) => kcal),
        2,
      ) * 4.184,
    ],
    ['apple_exercise_time', add(({ exercise }) => exercise)],
    ['apple_stand_hour', add(({ steps }) => (steps > 20 ? 1 : 0))],
  ];
}

/** The one shape without `qty` and without a source. */
function intimate(at: number, random: Random) {
  const key = chance(random, 0.5) ? 'Protection Used' : 'Protection Not Used';
  const counts = { Unspecified: 0, 'Protection Used': 0, 'Protection Not Used': 0, [key]: 1 };
  return { at, source: null, fields: counts };
}
