import { type Draft, printJson } from './apple.ts';
import type { Content } from './automations.ts';
import { dayAt, HOUR, MINUTE } from './calendar.ts';
import { type Day, planDay } from './day.ts';
import { dayReadings } from './days.ts';
import { hourReadings, hoursOf } from './hours.ts';
import { METRICS, type MetricName } from './metrics.ts';
import { minuteReadings, minutesOf } from './minutes.ts';
import { momentReadings } from './moments.ts';
import type { Upload } from './plan.ts';
import { type Random, randomFor } from './random.ts';
import { joinReadings, partOf, type Reading, type Readings } from './readings.ts';
import { symptomsOf, workoutsOf } from './records.ts';

/** Fills an upload: the JSON that the app would send. The same seed and upload give the same bytes. Pure. */
export function writeBody(seed: number, upload: Upload): string {
  const days = daysOf(seed, upload);
  const { content } = upload.automation;
  if (content === 'workouts') {
    const workouts = days.flatMap((day) => workoutsOf(day, minutesOf(day)));
    return printJson({ data: { workouts } }, upload.clock);
  }
  if (content === 'symptoms') {
    return printJson({ data: { symptoms: days.flatMap(symptomsOf) } }, upload.clock);
  }
  const readings = joinReadings(days.flatMap(READ[content]), upload.from, upload.to);
  for (const metric of OFTEN_EMPTY[content]) {
    if (!readings.has(metric)) readings.set(metric, []);
  }
  const random = randomFor(seed, upload.automation.name, upload.sentAt);
  const metrics = [...readings].map((entry) => block(entry, upload, random));
  return printJson({ data: { metrics: turned(metrics, random) } }, upload.clock);
}

function daysOf(seed: number, { from, to }: Upload): Day[] {
  const first = dayAt(from);
  const count = dayAt(to - 1) - first + 1;
  return Array.from({ length: count }, (_, i) => planDay(seed, first + i));
}

const READ = {
  minutes: (day: Day) => [minuteReadings(day, minutesOf(day)), momentReadings(day)],
  hours: (day: Day) => [hourReadings(day, hoursOf(day, minutesOf(day)))],
  days: (day: Day) => [dayReadings(day, hoursOf(day, minutesOf(day)))],
} as const satisfies Record<string, (day: Day) => Readings[]>;

/** The app also sends metrics that have nothing to say. */
const OFTEN_EMPTY: Record<keyof typeof READ, readonly MetricName[]> = {
  minutes: ['inhaler_usage', 'body_temperature'],
  hours: ['headphone_audio_exposure'],
  days: [],
};

/** Uploads by the day end at midnight: theirs are always whole. */
const BUCKETS: Record<Content, number> = {
  minutes: MINUTE,
  hours: HOUR,
  days: 0,
  workouts: 0,
  symptoms: 0,
};

function block(
  [metric, readings]: readonly [MetricName, readonly Reading[]],
  { automation, to }: Upload,
  random: Random,
): Draft {
  const { content, energy } = automation;
  const inKcal = METRICS[metric].units === 'kJ' && energy === 'kcal';
  const data = readings.map((reading) => {
    const passed = (to - reading.at) / BUCKETS[content];
    const known = passed < 1 ? partOf(metric, reading, passed) : reading;
    return point(inKcal ? toKcal(known) : known, random);
  });
  return turnedKeys({ units: inKcal ? 'kcal' : METRICS[metric].units, name: metric, data }, random);
}

const toKcal = (reading: Reading): Reading =>
  typeof reading.fields.qty === 'number'
    ? { ...reading, fields: { ...reading.fields, qty: reading.fields.qty / 4.184 } }
    : reading;

function point({ at, source, fields }: Reading, random: Random): Draft {
  const named = source === null ? {} : { source };
  return turnedKeys({ ...fields, date: new Date(at), ...named }, random);
}

/** The app's keys and metrics stand in no fixed order: not between requests, not even between points. */
function turned<T>(list: readonly T[], random: Random): T[] {
  const start = Math.floor(random() * list.length);
  return [...list.slice(start), ...list.slice(0, start)];
}

const turnedKeys = (object: Record<string, Draft>, random: Random): Draft =>
  Object.fromEntries(turned(Object.entries(object), random));
