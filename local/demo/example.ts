import { printJson } from './apple.ts';
import { dayNumber, HOUR, startOfDay, wallMinute } from './calendar.ts';
import { planDay } from './day.ts';
import { dayReadings } from './days.ts';
import { exampleSections } from './example-sections.ts';
import { hourReadings, hoursOf } from './hours.ts';
import { METRICS, type MetricName } from './metrics.ts';
import { minutesOf } from './minutes.ts';
import { momentReadings } from './moments.ts';
import { joinReadings, type Reading } from './readings.ts';
import { workoutsOf } from './records.ts';

/** What goes into `examples/health-auto-export.json`: small enough to be read by a person. Pure. */

const SEED = 11;
const FROM = '2026-03-03';
const UNTIL = '2026-03-05';

/** Left out of the day's points, for brevity: most of the nutrients, and what the hours tell as well. */
const OF_THE_DAY: readonly MetricName[] = [
  'weight_body_mass',
  'body_mass_index',
  'body_fat_percentage',
  'resting_heart_rate',
  'walking_heart_rate_average',
  'vo2_max',
  'cardio_recovery',
  'apple_sleeping_wrist_temperature',
  'basal_body_temperature',
  'breathing_disturbances',
  'dietary_energy',
  'dietary_water',
  'dietary_caffeine',
  'carbohydrates',
  'dietary_sugar',
  'fiber',
  'protein',
  'total_fat',
  'iron',
  'vitamin_c',
];

/**
 * Two days with hours grouping, whole for the metrics that come once or a few times a day, and for the others
 * from seven to nine in the morning; with one night, one workout, and something of each other section. The keys stand in one order, which the app
 * does not promise.
 */
export function exampleBody(): string {
  const [first, last] = [dayNumber(FROM) ?? 0, dayNumber(UNTIL) ?? 0];
  const days = Array.from({ length: last - first }, (_, i) => planDay(SEED, first + i));
  const lives = days.map((day) => ({ day, minutes: minutesOf(day) }));
  const [from, to] = [startOfDay(first), startOfDay(last)];
  const hourly = joinReadings(
    lives.map(({ day, minutes }) => hourReadings(day, hoursOf(day, minutes))),
    from,
    to,
  );
  const once = joinReadings(
    lives.map(({ day, minutes }) => dayReadings(day, hoursOf(day, minutes))),
    from,
    to,
  );
  const moments = joinReadings(days.map(momentReadings), from, to);
  const night = (once.get('sleep_analysis') ?? []).slice(0, 1);
  const metrics = [
    ...[...hourly].map(([name, readings]) => block(name, readings.filter(inTheMorning))),
    ...[...moments].map(([name, readings]) => block(name, readings.map(toTheHour))),
    ...OF_THE_DAY.map((name) => block(name, once.get(name) ?? [])),
    block('sleep_analysis', night),
  ];
  const workouts = lives.flatMap(({ day, minutes }) => workoutsOf(day, minutes)).slice(0, 1);
  const data = { metrics, workouts, ...exampleSections(from) };
  return `${printJson({ data }, '24')}\n`;
}

const FREQUENT = 10;

/** Keeps what is rare anyway. */
const inTheMorning = ({ at }: Reading, _: number, all: readonly Reading[]): boolean =>
  all.length < FREQUENT || (wallMinute(at) >= 7 * 60 && wallMinute(at) < 10 * 60);

const toTheHour = (reading: Reading): Reading => ({
  ...reading,
  at: Math.floor(reading.at / HOUR) * HOUR,
});

const block = (name: MetricName, readings: readonly Reading[]) => ({
  name,
  units: METRICS[name].units,
  data: readings.map(({ at, source, fields }) => ({
    ...fields,
    date: new Date(at),
    ...(source === null ? {} : { source }),
  })),
});
