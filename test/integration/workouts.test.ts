import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, askAll, askFor } from './support/ask.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Questions about workouts: their summaries, their series, and the zones of the heart rate. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

const quantity = (qty: number, units: string) => ({ qty, units });
const pulse = (at: string, qty: number, source = 'Watch') => ({
  date: `2026-03-02 ${at} +0000`,
  qty,
  units: 'bpm',
  source,
});

const workout = (id: string, start: string, rest: object = {}) => ({
  id,
  name: 'Outdoor Walk',
  start: `${start} +0000`,
  end: `${start.slice(0, -5)}30:00 +0000`,
  duration: 1800,
  source: 'Watch',
  ...rest,
});

async function personWith(...workouts: object[]): Promise<Person> {
  const person = await test.newPerson();
  await test.upload(person, JSON.stringify({ data: { workouts } }));
  return person;
}

const idOf = async (person: Person): Promise<string> => {
  const { rows } = await ask(test, person, '/api/v1/workouts');
  return String(rows[0]?.id);
};

async function one(person: Person, query = '') {
  const { rows } = await ask(test, person, `/api/v1/workouts/${await idOf(person)}${query}`);
  return rows[0] ?? {};
}

describe('the list', () => {
  const THREE = [
    workout('B', '2026-03-02 12:00:00', { distance: quantity(2.5, 'km'), isIndoor: false }),
    workout('A', '2026-03-01 12:00:00', { name: 'Laufen im Freien', source: 'Phone' }),
    workout('C', '2026-03-03 12:00:00', { name: 'Quidditch' }),
  ];

  it('has flat summaries, oldest first', async () => {
    const person = await personWith(...THREE);
    const { rows } = await ask(test, person, '/api/v1/workouts');
    expect(rows.map(({ external_id }) => external_id)).toEqual(['A', 'B', 'C']);
    expect(rows[1]).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      started_at: '2026-03-02T12:00:00.000Z',
      ended_at: '2026-03-02T12:30:00.000Z',
      name: 'Outdoor Walk',
      activity: 'walking',
      source: 'Watch',
      version: 2,
      duration_s: 1800,
      distance_km: 2.5,
      heart_rate_max: null,
      location: null,
      is_indoor: false,
    });
  });

  it.each([
    ['from=2026-03-02T12:00:00Z', ['B', 'C']],
    ['to=2026-03-02T12:00:00Z', ['A']],
    ['activity=walking', ['B']],
    ['activity=quidditch', ['C']],
    ['source=Phone', ['A']],
  ])('for %s', async (query, expected) => {
    const person = await personWith(...THREE);
    const { rows } = await ask(test, person, `/api/v1/workouts?${query}`);
    expect(rows.map(({ external_id }) => external_id)).toEqual(expected);
  });

  it('comes in pages that lead through all once, also where several began at once', async () => {
    const at = '2026-03-02 12:00:00';
    const person = await personWith(...[1, 2, 3, 4, 5].map((i) => workout(`W${i}`, at)));
    const pages = await askAll(test, person, '/api/v1/workouts?limit=2');
    expect(pages.map(({ rows }) => rows.length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flatMap(({ rows }) => rows.map(({ id }) => id))).size).toBe(5);
  });

  it('comes as a table and as lines', async () => {
    const person = await personWith(...THREE);
    const csv = await askFor(test, person, '/api/v1/workouts', 'text/csv');
    const [head = '', first = ''] = csv.text.split('\r\n');
    expect(head).toMatch(/^id,external_id,started_at,/);
    expect(first).toContain('Laufen im Freien');
    const lines = await askFor(test, person, '/api/v1/workouts', 'application/x-ndjson');
    expect(lines.text.trim().split('\n')).toHaveLength(3);
  });
});

describe('one workout', () => {
  it('has its series, and what has no column', async () => {
    const person = await personWith(
      workout('A', '2026-03-02 12:00:00', {
        heartRateData: [pulse('12:01:00', 100), pulse('12:02:00', 110)],
        heartRateRecovery: [pulse('12:31:00', 90)],
        stepCount: [
          { date: '2026-03-02 12:01:00 +0000', qty: 50, units: 'count', source: 'Watch' },
        ],
        mood: 'good',
      }),
    );
    expect(await one(person)).toMatchObject({
      external_id: 'A',
      attributes: { mood: 'good' },
      has_route: false,
      series: [
        { metric: 'heart_rate', unit: 'count/min', context: null, source: 'Watch', points: 2 },
        { metric: 'heart_rate', context: 'recovery', points: 1 },
        { metric: 'step_count', unit: 'count', points: 1 },
      ],
    });
  });

  it('without any series has none, and no zones', async () => {
    const person = await personWith(workout('A', '2026-03-02 12:00:00'));
    expect(await one(person)).toMatchObject({ series: [], heart_rate_zones: null });
  });
});

describe('zones of the heart rate', () => {
  const zonesOf = async (person: Person, query: string) =>
    (await one(person, query)).heart_rate_zones as {
      max_heart_rate: number;
      max_heart_rate_from: string;
      seconds_below: number;
      zones: { from: number; to: number; seconds: number }[];
    };
  const secondsOf = async (person: Person, query: string) => {
    const { seconds_below, zones } = await zonesOf(person, query);
    return [seconds_below, ...zones.map(({ seconds }) => seconds)];
  };

  it('are five, from half of the maximum on, each bound belonging to the upper one', async () => {
    const person = await personWith(
      workout('A', '2026-03-02 12:00:00', {
        heartRateData: [99, 100, 120, 140, 160, 180, 200, 210].map((rate, i) =>
          pulse(`12:0${i}:00`, rate),
        ),
      }),
    );
    expect(await secondsOf(person, '?max_heart_rate=200')).toEqual([60, 60, 60, 60, 60, 180]);
    expect(await zonesOf(person, '?max_heart_rate=200')).toMatchObject({
      max_heart_rate: 200,
      max_heart_rate_from: 'parameter',
      zones: [
        { zone: 1, from: 100, to: 120 },
        { zone: 2, from: 120, to: 140 },
        { zone: 3, from: 140, to: 160 },
        { zone: 4, from: 160, to: 180 },
        { zone: 5, from: 180, to: 200 },
      ],
    });
  });

  it('count a point until the next one, a minute at most, and the last until the end', async () => {
    const person = await personWith(
      workout('A', '2026-03-02 12:00:00', {
        heartRateData: [
          pulse('12:00:00', 110),
          pulse('12:00:05', 130),
          pulse('12:10:00', 150),
          pulse('12:29:50', 170),
        ],
      }),
    );
    expect(await secondsOf(person, '?max_heart_rate=200')).toEqual([0, 5, 60, 60, 10, 0]);
  });

  it('leave recovery out, and count the fullest of several sources alone', async () => {
    const person = await personWith(
      workout('A', '2026-03-02 12:00:00', {
        heartRateData: [
          pulse('12:01:00', 110),
          pulse('12:02:00', 110),
          pulse('12:01:30', 190, 'Strap'),
        ],
        heartRateRecovery: [pulse('12:31:00', 190)],
      }),
    );
    expect(await secondsOf(person, '?max_heart_rate=200')).toEqual([0, 120, 0, 0, 0, 0]);
  });

  it('go by the highest rate of the twelve months before, where none is asked for', async () => {
    const rate = (max: number) => ({
      heartRate: { max: quantity(max, 'bpm'), avg: quantity(100, 'bpm') },
    });
    const person = await personWith(
      workout('A', '2026-03-02 12:00:00', { ...rate(150), heartRateData: [pulse('12:01:00', 95)] }),
      workout('year before', '2025-03-02 11:00:00', rate(200)),
      workout('within', '2025-03-02 13:00:00', rate(180)),
      workout('later', '2026-03-03 12:00:00', rate(220)),
    );
    const { rows } = await ask(test, person, '/api/v1/workouts?from=2026-03-02T00:00:00Z');
    const { rows: found } = await ask(test, person, `/api/v1/workouts/${rows[0]?.id}`);
    expect(found).toMatchObject([
      { heart_rate_zones: { max_heart_rate: 180, max_heart_rate_from: 'last_12_months' } },
    ]);
  });

  it('go by its own highest rate where that is the highest there was', async () => {
    const person = await personWith(
      workout('A', '2026-03-02 12:00:00', {
        heartRate: { max: quantity(150, 'bpm') },
        heartRateData: [pulse('12:29:00', 150)],
      }),
    );
    expect(await secondsOf(person, '')).toEqual([0, 0, 0, 0, 0, 60]);
  });

  it('are none where nobody knows a maximum', async () => {
    const person = await personWith(
      workout('A', '2026-03-02 12:00:00', { heartRateData: [pulse('12:29:00', 150)] }),
    );
    expect(await zonesOf(person, '')).toBeNull();
  });
});

describe('the points of a series', () => {
  const PULSE = [
    pulse('12:01:00', 100),
    { ...pulse('12:02:00', 0), qty: undefined, Min: 105, Avg: 110, Max: 120 },
    pulse('12:03:00', 120),
  ];

  const personWithPulse = () =>
    personWith(
      workout('A', '2026-03-02 12:00:00', {
        heartRateData: [...PULSE, pulse('12:04:00', 150, 'Strap')],
        heartRateRecovery: [pulse('12:31:00', 90)],
      }),
    );

  it('come in order of time, of the fullest source', async () => {
    const person = await personWithPulse();
    const { rows } = await ask(
      test,
      person,
      `/api/v1/workouts/${await idOf(person)}/series/heart_rate`,
    );
    expect(rows).toEqual([
      { recorded_at: '2026-03-02T12:01:00.000Z', value: 100, min: null, max: null },
      { recorded_at: '2026-03-02T12:02:00.000Z', value: 110, min: 105, max: 120 },
      { recorded_at: '2026-03-02T12:03:00.000Z', value: 120, min: null, max: null },
    ]);
  });

  it('come of another source or context, if one is named', async () => {
    const person = await personWithPulse();
    const path = `/api/v1/workouts/${await idOf(person)}/series/heart_rate`;
    expect((await ask(test, person, `${path}?source=Strap`)).rows).toMatchObject([{ value: 150 }]);
    expect((await ask(test, person, `${path}?context=recovery`)).rows).toMatchObject([
      { value: 90 },
    ]);
  });

  it('come in pages, and as a table', async () => {
    const person = await personWithPulse();
    const path = `/api/v1/workouts/${await idOf(person)}/series/heart_rate`;
    const pages = await askAll(test, person, `${path}?limit=2`);
    expect(pages.map(({ rows }) => rows.map(({ value }) => value))).toEqual([[100, 110], [120]]);
    const { text } = await askFor(test, person, path, 'text/csv');
    expect(text.split('\r\n')[2]).toBe('2026-03-02T12:02:00.000Z,110,105,120');
  });

  it('that is not there are not found', async () => {
    const person = await personWithPulse();
    const id = await idOf(person);
    const other = await test.newPerson();
    const statusOf = async (who: Person, path: string) => (await ask(test, who, path)).status;
    expect(await statusOf(person, `/api/v1/workouts/${id}/series/step_count`)).toBe(404);
    expect(await statusOf(other, `/api/v1/workouts/${id}/series/heart_rate`)).toBe(404);
    expect(await statusOf(other, `/api/v1/workouts/${id}`)).toBe(404);
    expect(await statusOf(other, `/api/v1/workouts/999999999999`)).toBe(404);
  });
});

it.each([
  ['?from=yesterday', 'from'],
  ['?cursor=abc', 'cursor'],
  ['/abc', 'id'],
  ['/1?max_heart_rate=20', 'max_heart_rate'],
  ['/1/series/heart_rate?limit=1001', 'limit'],
])('%s is refused', async (path, pointer) => {
  const person = await test.newPerson();
  const { status, errors } = await ask(test, person, `/api/v1/workouts${path}`);
  expect([status, errors[0]?.pointer]).toEqual([400, pointer]);
});
