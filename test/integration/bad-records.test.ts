import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import { loadAll } from './support/load.ts';
import { AT } from './support/payloads.ts';
import { accounts } from './support/receipts.ts';

/** Records that nobody would send on purpose: each is stored or named, and its neighbour is stored in any case. */

let loader: Loader;
beforeAll(async () => {
  loader = await startLoader(process.env.TEST_DATABASE_URL ?? null);
});
afterAll(() => loader.stop());

const GOOD = { name: 'Fever', start: AT };
const nights = (...data: object[]) => ({
  metrics: [{ name: 'sleep_analysis', units: 'hr', data }],
});
const LONG = '日'.repeat(400);

it.each<[string, object, string[]]>([
  [
    'voltages that no number of their size can hold',
    { ecg: [{ start: AT, voltageMeasurements: [{ voltage: 1e300 }, { voltage: 1e-300 }] }] },
    ['value_not_finite'],
  ],
  [
    'more voltages than there are numbers',
    { ecg: [{ start: AT, numberOfVoltageMeasurements: 3.7e12, voltageMeasurements: [] }] },
    [],
  ],
  [
    'a recording whose source has a name without end',
    { ecg: [{ start: AT, source: LONG + LONG, voltageMeasurements: [{ voltage: 1 }] }] },
    ['text_too_long'],
  ],
  [
    'a segment as long as the universe is old',
    nights({ startDate: AT, qty: 1e300, value: 'Core' }),
    ['implausible_date'],
  ],
  ['a night in the year zero', nights({ date: '0000-01-01', sleepEnd: AT, totalSleep: 1 }), []],
  [
    'a night of less than nothing',
    nights({ date: AT, totalSleep: -5, awake: 1 }),
    ['night_implausible'],
  ],
  [
    'a night with more hours than numbers',
    nights({ date: AT, totalSleep: 1e308 }),
    ['night_implausible'],
  ],
  [
    'a way through the Earth, and one from pole to pole',
    {
      workouts: [
        {
          id: 'A',
          start: AT,
          route: [
            { latitude: 0, longitude: 0 },
            { latitude: 0, longitude: 180 },
          ],
        },
        {
          id: 'B',
          start: AT,
          route: [
            { latitude: 90, longitude: 0 },
            { latitude: -90, longitude: 77, speed: 1e300 },
          ],
        },
      ],
    },
    ['implausible_place', 'implausible_place'],
  ],
  [
    'one number of a workout that is none',
    { workouts: [{ id: 'A', start: AT, swolfScore: 'many', distance: 5 }] },
    ['value_not_finite'],
  ],
  [
    'a series of pairs inside a workout',
    { workouts: [{ id: 'A', start: AT, pressures: [{ date: AT, systolic: 1, diastolic: 2 }] }] },
    ['unrecognised_shape'],
  ],
  [
    'points of a workout in all kinds of units',
    {
      workouts: [{ id: 'A', start: AT, heartRateData: [{ date: AT, qty: 5, units: {} }, 5, null] }],
    },
    ['unrecognised_shape', 'unrecognised_shape'],
  ],
  [
    'two arrays of a workout that mean the same metric',
    {
      workouts: [
        {
          id: 'A',
          start: AT,
          stepCount: [{ date: AT, qty: 5, units: 'count' }],
          steps: [{ date: AT, qty: 6, units: 'steps' }],
        },
      ],
    },
    [],
  ],
  [
    'texts that Postgres does not know',
    {
      workouts: [
        { id: 'a\0b', name: '\0\ud800', start: AT, 'we\0ird': 'a\0', metadata: { '\ud800': '\0' } },
      ],
    },
    [],
  ],
  [
    'keys as long as an index can bear',
    {
      stateOfMind: [{ id: LONG, start: AT }],
      medications: [{ displayText: LONG, start: AT }],
      workouts: [{ name: LONG, start: AT }],
      ...nights({ startDate: AT, endDate: AT, value: LONG, source: LONG }),
    },
    ['stage_unknown'],
  ],
  [
    'names longer than that',
    {
      stateOfMind: [{ id: `${LONG}x`, start: AT }],
      workouts: [{ id: 'A', name: `${LONG}x`, start: AT }],
    },
    ['text_too_long', 'text_too_long'],
  ],
  [
    'sexual activity under a name of its own',
    {
      metrics: [
        { name: 'foo', data: [{ Unspecified: 1, date: AT }] },
        { name: 'sexual_activity', data: [{ Unspecified: 1, date: AT }] },
      ],
    },
    ['unrecognised_shape'],
  ],
  [
    'a section that is called like a part of JavaScript',
    { constructor: [1], toString: [2], hasOwnProperty: [3] },
    ['section_not_supported', 'section_not_supported', 'section_not_supported'],
  ],
  [
    'elements that are no objects',
    { workouts: [5, 'x', null], ecg: [[]] },
    Array(4).fill('unrecognised_shape'),
  ],
])('%s', async (_, data, codes) => {
  const body = { data: { symptoms: [GOOD], ...data } };
  const loaded = await loadAll(loader, { body });
  expect(loaded.codes.toSorted()).toEqual(codes.toSorted());
  expect(loaded.receipts.every(accounts)).toBe(true);
  expect(loaded.rows.events).toContainEqual(expect.objectContaining({ code: 'fever' }));
});

it('a field nested fifty thousand deep', async () => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  const body = `{"data":{"symptoms":[{"name":"Fever","start":"${AT}","deep":${deep}}]}}`;
  const { receipts } = await loadAll(loader, { body });
  expect(receipts[0]?.totals.inserted).toBe(1);
});

it('of many points that are nothing twenty are named, and all are counted', async () => {
  const voltageMeasurements = Array.from({ length: 5_000 }, () => ({}));
  const { receipts } = await loadAll(loader, {
    body: { data: { ecg: [{ start: AT, voltageMeasurements }] } },
  });
  expect(receipts[0]?.issues).toHaveLength(20);
  expect(receipts[0]?.issues_total).toBe(5_000);
  expect(receipts[0]?.totals.inserted).toBe(1);
});
