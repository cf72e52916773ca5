import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
  ada = await test.newPerson();
  await test.upload(ada, JSON.stringify({ data: EVERYTHING }), {
    'automation-aggregation': 'Days',
  });
});
afterAll(() => test.stack.stop());

const day = (number: number, time: string) =>
  `2026-03-${String(number).padStart(2, '0')} ${time} +0100`;

const night = (number: number, hours: number) => ({
  date: day(number, '00:00:00'),
  totalSleep: hours,
  core: hours,
  deep: 0,
  rem: 0,
  awake: 0,
  inBed: 0,
  sleepStart: day(number - 1, '22:00:00'),
  sleepEnd: day(number, '07:00:00'),
  source: 'Watch',
});

const EVERYTHING = {
  metrics: [
    steps(
      { qty: 9_000, date: day(10, '00:00:00'), source: 'Watch' },
      { qty: 4_000, date: day(8, '00:00:00'), source: 'Watch' },
      { qty: 8_000, date: day(9, '00:00:00'), source: 'Watch' },
      // Too long ago to be held against.
      { qty: 100, date: '2026-02-07 00:00:00 +0100', source: 'Watch' },
    ),
    {
      name: 'weight_body_mass',
      units: 'kg',
      data: [{ qty: 70, date: day(9, '07:00:00'), source: 'Scale' }],
    },
    { name: 'sleep_analysis', units: 'hr', data: [night(10, 8), night(9, 6), night(8, 7)] },
  ],
  workouts: [
    {
      id: 'A',
      name: 'Outdoor Walk',
      start: day(10, '08:00:00'),
      end: day(10, '08:30:00'),
      duration: 1_800,
    },
    {
      id: 'B',
      name: 'Outdoor Walk',
      start: day(9, '08:00:00'),
      end: day(9, '09:00:00'),
      duration: 3_600,
    },
  ],
  symptoms: [
    {
      name: 'Headache',
      start: day(10, '09:00:00'),
      end: day(10, '10:00:00'),
      severity: 'Mild',
      userEntered: true,
      source: 'Health',
    },
  ],
};

async function summaryOf(date: string, query = '') {
  const { status, body } = await test.call(`/api/v1/summary?date=${date}${query}`, ada.keys.read);
  expect(status).toBe(200);
  return body.data as unknown as {
    metrics: Record<string, unknown>[];
    sleep: Record<string, unknown>;
    workouts: unknown;
    records: unknown;
  };
}

describe('a day', () => {
  it('is held against the thirty before', async () => {
    const { metrics } = await summaryOf('2026-03-10');
    expect(metrics.find(({ metric }) => metric === 'step_count')).toEqual({
      metric: 'step_count',
      title: 'Step Count',
      category: 'activity',
      agg: 'sum',
      value: 9_000,
      unit: 'count',
      mean: 6_000,
      days: 2,
      change_percent: 50,
    });
    expect(metrics.find(({ metric }) => metric === 'weight_body_mass')).toMatchObject({
      value: null,
      mean: 70,
      days: 1,
      change_percent: null,
    });
  });

  it('has the night that ended on it, its workouts and its events', async () => {
    const { sleep, workouts, records } = await summaryOf('2026-03-10');
    expect(sleep).toMatchObject({
      hours: 8,
      mean: 6.5,
      days: 2,
      naps: 0,
      night: { day: '2026-03-10' },
    });
    expect(workouts).toEqual({ count: 1, minutes: 30, mean: 2 });
    expect(records).toEqual([{ kind: 'symptom', count: 1, mean: 0 }]);
  });

  it('without anything is empty, and has no night', async () => {
    const { metrics, sleep, workouts, records } = await summaryOf('2020-01-01');
    expect([metrics, records]).toEqual([[], []]);
    expect(sleep).toMatchObject({ night: null, hours: null, mean: null, days: 0 });
    expect(workouts).toEqual({ count: 0, minutes: 0, mean: 0 });
  });

  it('is shown in the units of the person', async () => {
    await test.stack.query(`update users set units = '{"kg":"lb"}' where id = $1`, [ada.id]);
    const weight = async (query: string) =>
      (await summaryOf('2026-03-10', query)).metrics.find(
        ({ unit }) => unit === 'lb' || unit === 'kg',
      );
    expect(await weight('')).toMatchObject({ unit: 'lb', mean: 154.324 });
    expect(await weight('&units=canonical')).toMatchObject({ unit: 'kg', mean: 70 });
  });
});

it('a day that is none is refused', async () => {
  const { status, body } = await test.call('/api/v1/summary?date=tomorrow', ada.keys.read);
  expect([status, body.errors?.[0]?.pointer]).toEqual([400, 'date']);
});
