import type { Draft } from './apple.ts';
import { dateOf, instantOf, MINUTE } from './calendar.ts';
import { type Activity, type ActivityKind, type Day, WATCH } from './day.ts';
import { EFFORTS, type Minute } from './minutes.ts';
import { around, chance, type Random, randomFor, round, uuid } from './random.ts';

/** Workouts (the app's version 2) and symptoms: records with a start and an end, outside the metrics. Pure. */

interface Sport {
  name: string;
  location: 'Outdoor' | 'Pool' | 'Open Water';
  routed: boolean;
}

const SPORTS: Record<ActivityKind, Sport> = {
  walk: { name: 'Outdoor Walk', location: 'Outdoor', routed: true },
  run: { name: 'Outdoor Run', location: 'Outdoor', routed: true },
  cycle: { name: 'Outdoor Cycling', location: 'Outdoor', routed: true },
  swim: { name: 'Pool Swim', location: 'Pool', routed: false },
  ski: { name: 'Downhill Skiing', location: 'Outdoor', routed: false },
  dive: { name: 'Underwater Diving', location: 'Open Water', routed: false },
  wheel: { name: 'Wheelchair Walk Pace', location: 'Outdoor', routed: false },
};

/** Short walks are no workouts. */
export function workoutsOf(day: Day, minutes: readonly Minute[]): Draft[] {
  const random = randomFor(day.seed, dateOf(day.number), 'workouts');
  return day.activities
    .filter(({ kind, minutes: length }) => kind !== 'walk' || length >= 25)
    .map((activity) => workout({ day, activity, minutes }, random));
}

interface Trained {
  day: Day;
  activity: Activity;
  minutes: readonly Minute[];
}

function workout({ day, activity, minutes }: Trained, random: Random): Draft {
  const start = instantOf(day.number, activity.from);
  const end = start + activity.minutes * MINUTE;
  const within = minutes.filter(({ at }) => at >= start && at < end);
  const { kcal, km } = EFFORTS[activity.kind];
  const sport = SPORTS[activity.kind];
  const quantity = (qty: number, units: string) => ({ qty, units });
  return {
    id: uuid(random),
    name: sport.name,
    location: sport.location,
    isIndoor: false,
    start: new Date(start),
    end: new Date(end),
    duration: round((end - start) / 1000 - random() * 50, 3),
    activeEnergyBurned: quantity(round(kcal * activity.minutes, 1) * 4.184, 'kJ'),
    distance: quantity(round(km * activity.minutes, 3), 'km'),
    intensity: quantity(round(around(random, kcal, 0.5), 1), 'kcal/hr·kg'),
    temperature: quantity(round(around(random, 11 + 10 * day.season, 5), 1), 'degC'),
    humidity: quantity(Math.round(around(random, 62, 25)), '%'),
    heartRate: {
      min: quantity(Math.min(...within.map(({ beats }) => beats.Min)), 'count/min'),
      avg: quantity(mean(within.map(({ beats }) => beats.Avg)), 'count/min'),
      max: quantity(Math.max(...within.map(({ beats }) => beats.Max)), 'count/min'),
    },
    heartRateData: within.map(({ at, beats }) => ({
      ...{ date: new Date(at), ...beats },
      ...{ units: 'count/min', source: WATCH },
    })),
    ...(sport.routed ? { route: route(within, km, random) } : {}),
    metadata: {},
  };
}

const mean = (values: readonly number[]): number =>
  round(values.reduce((sum, value) => sum + value, 0) / values.length, 2);

const ROUTE_POINT_EVERY_MINUTES = 5;

/** Wanders from a square in Vienna. The app would send a point each second. */
function route(minutes: readonly Minute[], kmPerMinute: number, random: Random): Draft[] {
  let [latitude, longitude, altitude] = [48.2049, 16.3614, 171];
  let course = random() * 360;
  const km = kmPerMinute * ROUTE_POINT_EVERY_MINUTES;
  const points = minutes.filter((_, i) => i % ROUTE_POINT_EVERY_MINUTES === 0);
  return points.map(({ at }) => {
    course = (course + around(random, 0, 50) + 360) % 360;
    latitude += (Math.cos((course / 180) * Math.PI) * km) / 111;
    longitude += (Math.sin((course / 180) * Math.PI) * km) / 74;
    altitude += around(random, 0, 2);
    return {
      latitude: round(latitude, 6),
      longitude: round(longitude, 6),
      altitude: round(altitude, 1),
      course: round(course, 1),
      courseAccuracy: 12,
      speed: round((kmPerMinute * 1000) / 60, 2),
      speedAccuracy: 0.4,
      horizontalAccuracy: round(around(random, 5, 2), 1),
      verticalAccuracy: 3,
      timestamp: new Date(at),
    };
  });
}

const OF_SICKNESS = ['Fever', 'Coughing', 'Fatigue', 'Sore Throat', 'Runny Nose'] as const;

export function symptomsOf(day: Day): Draft[] {
  const random = randomFor(day.seed, dateOf(day.number), 'symptoms');
  const names: string[] = OF_SICKNESS.filter(() => day.kind === 'sick' && chance(random, 0.7));
  if (chance(random, 0.05)) names.push('Headache');
  return names.map((name) => {
    const start = instantOf(day.number, Math.round(around(random, 660, 180)));
    return {
      start: new Date(start),
      end: new Date(start + Math.round(around(random, 180, 120)) * MINUTE),
      name,
      severity: chance(random, 0.3) ? 'Moderate' : 'Mild',
      userEntered: true,
      source: 'Health',
    };
  });
}
