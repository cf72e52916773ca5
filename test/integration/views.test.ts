import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import { metric, steps } from './support/payloads.ts';

/** The tables of the first self-sensored, as views over the new ones. */

let loader: Loader;
beforeAll(async () => {
  loader = await startLoader(process.env.TEST_DATABASE_URL ?? null);
});
afterAll(() => loader.stop());

/** Rows of a view for a person who has sent this, numbers as numbers. */
async function view(name: string, ...payloads: object[]) {
  const person = await loader.newPerson();
  for (const [i, data] of payloads.entries()) {
    await loader.load(person, JSON.stringify({ data }), {
      receivedAt: Date.parse('2026-04-01T12:00:00Z') + i,
    });
  }
  const rows = await loader.query(
    `select to_jsonb(row) - 'user_id' - 'created_at' as row from ${name} as row where user_id = $1::uuid
     order by row::text`,
    [person],
  );
  return rows.map(({ row }): Record<string, unknown> => JSON.parse(row ?? '{}'));
}

const AT = '2026-03-02 07:00:00 +0000';
const segment = (start: string, end: string, value: string) => ({
  startDate: `2026-03-02 ${start}:00 +0000`,
  endDate: `2026-03-02 ${end}:00 +0000`,
  value,
  source: 'Watch',
});

it('heart_rate_metrics has heart rate, resting heart rate and variability', async () => {
  const rows = await view('heart_rate_metrics', {
    metrics: [
      metric('heart_rate', 'bpm', [{ Min: 58, Avg: 63, Max: 71, date: AT, source: 'Watch' }]),
      metric('resting_heart_rate', 'bpm', [{ qty: 51, date: AT, source: 'Watch' }]),
    ],
  });
  expect(rows).toMatchObject([
    { heart_rate: null, resting_heart_rate: 51, source_device: 'Watch' },
    { heart_rate: 63, resting_heart_rate: null, source_device: 'Watch' },
  ]);
});

it('blood_pressure_metrics has both numbers in one row', async () => {
  const rows = await view('blood_pressure_metrics', {
    metrics: [metric('blood_pressure', 'mmHg', [{ systolic: 118, diastolic: 76, date: AT }])],
  });
  expect(rows).toMatchObject([{ systolic: 118, diastolic: 76, pulse: null }]);
});

it('sleep_metrics has minutes, and the share of the time in bed', async () => {
  const rows = await view('sleep_metrics', {
    metrics: [
      metric('sleep_analysis', 'hr', [
        {
          totalSleep: 6,
          core: 3.5,
          deep: 1,
          rem: 1.5,
          awake: 0.5,
          sleepStart: '2026-03-01 23:00:00 +0000',
          sleepEnd: '2026-03-02 06:00:00 +0000',
          inBedStart: '2026-03-01 22:30:00 +0000',
          inBedEnd: '2026-03-02 06:30:00 +0000',
          date: AT,
        },
      ]),
    ],
  });
  expect(rows).toMatchObject([
    {
      duration_minutes: 360,
      light_sleep_minutes: 210,
      deep_sleep_minutes: 60,
      rem_sleep_minutes: 90,
      awake_minutes: 30,
      efficiency: 75,
    },
  ]);
});

const SEGMENTS = [
  segment('00:00', '04:00', 'InBed'),
  segment('00:10', '01:10', 'Core'),
  segment('01:10', '02:10', 'Deep'),
  segment('02:10', '02:20', 'Awake'),
  segment('02:20', '03:20', 'REM'),
  segment('14:00', '14:30', 'Asleep'),
];

it('sleep_metrics makes nights of segments, naps apart, without adding the time in bed', async () => {
  const rows = await view('sleep_metrics', {
    metrics: [metric('sleep_analysis', 'hr', SEGMENTS)],
  });
  expect(rows).toMatchObject([
    { duration_minutes: 180, deep_sleep_minutes: 60, awake_minutes: 10, efficiency: 75 },
    { duration_minutes: 30, deep_sleep_minutes: null },
  ]);
});

it('sleep_metrics shows a night once that came as a night and as segments', async () => {
  const night = {
    date: AT,
    totalSleep: 3,
    sleepStart: '2026-03-02 00:10:00 +0000',
    sleepEnd: '2026-03-02 03:20:00 +0000',
    source: 'Watch',
  };
  const rows = await view('sleep_metrics', {
    metrics: [metric('sleep_analysis', 'hr', [...SEGMENTS.slice(0, 5), night])],
  });
  expect(rows).toHaveLength(1);
});

it('activity_metrics puts what belongs to one moment into one row', async () => {
  const rows = await view('activity_metrics', {
    metrics: [
      steps({ qty: 100, date: AT, source: 'Watch' }),
      metric('walking_running_distance', 'km', [{ qty: 0.5, date: AT, source: 'Watch' }]),
      metric('active_energy', 'kJ', [{ qty: 41.84, date: AT, source: 'Watch' }]),
    ],
  });
  expect(rows).toMatchObject([
    { step_count: 100, distance_meters: 500, active_energy_burned_kcal: 10, flights_climbed: null },
  ]);
});

it('blood_glucose_metrics is in mg/dL, with the meal', async () => {
  const rows = await view('blood_glucose_metrics', {
    metrics: [metric('blood_glucose', 'mmol/L', [{ qty: 5, mealTime: 'Before Meal', date: AT }])],
  });
  expect(rows).toMatchObject([{ measurement_context: 'Before Meal' }]);
  expect(rows[0]?.blood_glucose_mg_dl).toBeCloseTo(90.078, 3);
});

it('workout_data has type, metres, minutes and the way', async () => {
  const rows = await view('workout_data', {
    workouts: [
      {
        id: 'A',
        name: 'Outdoor Walk',
        start: AT,
        end: '2026-03-02 07:30:00 +0000',
        duration: 1800,
        distance: { qty: 2.5, units: 'km' },
        route: [
          { latitude: 48, longitude: 16, timestamp: AT },
          { latitude: 48.1, longitude: 16.1, timestamp: '2026-03-02 07:10:00 +0000' },
        ],
      },
    ],
  });
  expect(rows).toMatchObject([
    {
      workout_type: 'walking',
      duration_minutes: 30,
      distance_meters: 2500,
      route_geometry: { type: 'LineString' },
    },
  ]);
});

it('raw_ingestions has a row for each upload', async () => {
  const rows = await view('raw_ingestions', { metrics: [] }, { metrics: [steps()] });
  expect(rows.map(({ processing_status }) => processing_status)).toEqual(['stored', 'stored']);
});

it('sexual_activity_days counts once what the app tells twice', async () => {
  const rows = await view('sexual_activity_days', {
    metrics: [
      metric('sexual_activity', 'count', [
        { 'Protection Used': 1, Unspecified: 0, date: '2026-03-02 00:00:00 +0100' },
        { 'Protection Used': 0, Unspecified: 0, date: '2026-03-03 00:00:00 +0100' },
      ]),
    ],
    cycleTracking: [{ name: 'Sexual Activity', start: '2026-03-02 22:10:00 +0100' }],
  });
  expect(rows).toEqual([{ day: '2026-03-02', times: 1 }]);
});
