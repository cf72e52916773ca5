import { writeInstant } from '../local/demo/calendar.ts';
import { WATCH } from '../local/demo/day.ts';

/** Payloads of the sections besides plain metrics, as large as they were seen in the wild. */

const BEGIN = Date.UTC(2026, 0, 1);
const at = (seconds: number): string => writeInstant(BEGIN + seconds * 1000, '24');
export const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const wave = (i: number): number => Math.round(Math.sin(i / 7) * 1e6) / 1e4;

/** Like an outdoor ride of five and a half hours: 3 MB and more, nearly all of it the way. */
export const workout = (points: number) => ({
  id: '0F1D6E2A-8C55-4B5E-9C0D-3B2A7E1F9A10',
  name: 'Outdoor Cycle',
  location: 'Outdoor',
  start: at(0),
  end: at(points),
  duration: points,
  activeEnergyBurned: { qty: 4184, units: 'kJ' },
  heartRateData: many(points / 60, (i) => heartRate(i)),
  route: many(points, routePoint),
});

export const heartRate = (i: number) => ({
  date: at(i * 60),
  Min: 84,
  Avg: 86.5 + wave(i) / 10,
  Max: 90,
  units: 'count/min',
  source: WATCH,
});

export const routePoint = (i: number) => ({
  latitude: 48.2 + i * 1.23e-5,
  longitude: 16.37 + i * 1.34e-5,
  altitude: 171 + wave(i),
  speed: 5.25,
  course: i % 360,
  horizontalAccuracy: 4.75,
  timestamp: at(i),
});

/** Thirty seconds at 512 Hz: with the app's pretty printing about 2 MB. */
export const ecg = (number: number, points = 15_379) => ({
  start: at(number * 86_400),
  end: at(number * 86_400 + 30),
  classification: 'Sinus Rhythm',
  averageHeartRate: 64,
  numberOfVoltageMeasurements: points,
  samplingFrequency: 512.6171875,
  source: 'ECG',
  voltageMeasurements: many(points, (i) => ({
    date: BEGIN / 1000 + number * 86_400 + i / 512.6171875,
    voltage: wave(i + number),
    units: 'mcV',
  })),
});

const STAGES = ['Core', 'Deep', 'Core', 'REM', 'Awake'];

/** A month without grouping is 741 of them. */
export const segment = (i: number) => ({
  startDate: at(i * 1800),
  endDate: at(i * 1800 + 1700),
  qty: 1700 / 3600,
  value: STAGES[i % STAGES.length],
  source: WATCH,
});

export const night = (i: number) => ({
  date: at(i * 86_400),
  totalSleep: 7.2,
  asleep: 0,
  core: 4.1,
  deep: 1.3,
  rem: 1.8,
  awake: 0.4,
  inBed: 0,
  sleepStart: at(i * 86_400 - 28_800),
  sleepEnd: at(i * 86_400),
  inBedStart: at(i * 86_400 - 28_800),
  inBedEnd: at(i * 86_400),
  source: WATCH,
});

export const symptom = (i: number) => ({
  start: at(i * 60),
  end: at(i * 60 + 50),
  name: 'Headache',
  severity: 'Mild',
  userEntered: true,
  source: 'Health',
});

export const dose = (i: number) => ({
  displayText: 'Vitamin tablet ',
  start: at(i * 60),
  scheduledDate: at(i * 60),
  status: 'Taken',
  dosage: 1,
  units: 'count',
  isArchived: false,
  codings: [],
});

export const stateOfMind = (i: number) => ({
  id: `7C1F0000-0000-4000-8000-${`${i}`.padStart(12, '0')}`,
  start: at(i * 60),
  end: at(i * 60),
  kind: 'daily_mood',
  valence: 0.35,
  valenceClassification: 'slightly_pleasant',
  labels: ['calm'],
  associations: ['family'],
});

export const quantity = (i: number) => ({ qty: 500 + wave(i), date: at(i * 60), source: WATCH });
export const range = (i: number) => ({
  Min: 60,
  Avg: 61.5,
  Max: 63,
  date: at(i * 60),
  source: WATCH,
});
export const pressure = (i: number) => ({
  systolic: 118,
  diastolic: 76,
  date: at(i * 60),
  source: WATCH,
});

export const payload = (data: object): object => ({ data });
export const metricPayload = (name: string, units: string, data: object[]): object =>
  payload({ metrics: [{ name, units, data }] });
