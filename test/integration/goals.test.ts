import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PeriodOfGoal, Tally } from '../../src/read/goal-progress.ts';
import type { Goal } from '../../src/read/goals.ts';
import { metric, payload } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterAll(() => test.stack.stop());

type Shown = Goal & { target: number; unit: string };
type Progress = Tally & { from: string; to: string; unit: string; periods: PeriodOfGoal[] };

async function ask<T>(
  path: string,
  init: { method?: string; json?: unknown } = {},
  key = ada.keys.read,
) {
  const { method = 'GET', json } = init;
  const { status, headers, body } = await test.call(`/api/v1/${path}`, key, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const { message } = body as { message?: string };
  return { ...body, status, headers, message, data: body.data as unknown as T };
}

const set = (json: object) => ask<Shown>('goals', { method: 'POST', json });
const change = (id: string, json: object, query = '') =>
  ask<Shown>(`goals/${id}${query}`, { method: 'PATCH', json });
const progress = async (id: string, query = '') =>
  (await ask<Progress>(`goals/${id}/progress${query}`)).data;

/** The day so many days from today, as clocks in Vienna show it. */
const dayFromNow = (days: number): string =>
  new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Vienna' }).format(
    Date.now() + days * 86_400_000,
  );

interface Totals {
  day: string;
  samples?: number;
  total: number;
  min?: number;
  max?: number;
  last?: number;
  last_at?: string;
}

const totals = (name: string, rows: Totals[]) =>
  test.stack.query(
    `insert into day_totals (user_id, metric, day, samples, total, min, max, last, last_at)
     select $1, $2, day, coalesce(samples, 1), total, coalesce(min, total), coalesce(max, total),
       coalesce(last, total), coalesce(last_at, day)
     from jsonb_populate_recordset(null::day_totals, $3)`,
    [ada.id, name, JSON.stringify(rows)],
  );

const STEPS = { metric: 'step_count', period: 'day', direction: 'at_least', target: 8000 };

describe('a goal', () => {
  it('is set from today on, shown, listed and deleted', async () => {
    const { status, headers, data } = await set({ metric: 'Steps', target: 8000 });
    expect(status).toBe(201);
    const expected = {
      ...STEPS,
      id: data.id,
      agg: 'sum',
      unit: 'count',
      starts_on: dayFromNow(0),
      ends_on: null,
      targets: [{ starts_on: dayFromNow(0), target: 8000 }],
    };
    expect(data).toEqual(expected);
    expect(headers.get('location')).toBe(`/api/v1/goals/${data.id}`);
    expect((await ask(`goals/${data.id}`)).data).toEqual(expected);
    expect((await ask('goals?metric=steps')).data).toEqual([expected]);
    expect((await ask('goals?metric=heart_rate')).data).toEqual([]);
    expect((await ask(`goals/${data.id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await ask(`goals/${data.id}`)).status).toBe(404);
    expect((await ask('goals')).data).toEqual([]);
  });

  it('keeps the targets it has had; the second of a day replaces the first', async () => {
    const { data } = await set({ ...STEPS, starts_on: dayFromNow(-10) });
    await change(data.id, { target: 9000 });
    const { data: changed } = await change(data.id, { target: 10_000 });
    expect(changed.targets).toEqual([
      { starts_on: dayFromNow(-10), target: 8000 },
      { starts_on: dayFromNow(0), target: 10_000 },
    ]);
    expect(changed.target).toBe(10_000);
  });

  it('that is yet to start has one target', async () => {
    const { data } = await set({ ...STEPS, starts_on: dayFromNow(5) });
    const { data: changed } = await change(data.id, { target: 9000 });
    expect(changed.targets).toEqual([{ starts_on: dayFromNow(5), target: 9000 }]);
    expect((await progress(data.id)).periods).toEqual([]);
  });

  it('can end, and be taken up again', async () => {
    const { data } = await set({ ...STEPS, starts_on: dayFromNow(-10) });
    expect((await change(data.id, { ends_on: dayFromNow(-3) })).data.ends_on).toBe(dayFromNow(-3));
    expect((await progress(data.id)).to).toBe(dayFromNow(-3));
    const { errors } = await change(data.id, { target: 1 });
    expect(errors?.[0]?.code).toBe('goal_ended');
    const { data: again } = await change(data.id, { target: 1, ends_on: null });
    expect(again).toMatchObject({ target: 1, ends_on: null });
    expect((await change(data.id, { ends_on: dayFromNow(-11) })).status).toBe(400);
  });

  it.each([
    [{ ...STEPS, metric: 'no_such_thing' }, '/metric'],
    [{ ...STEPS, metric: 'blood_pressure' }, '/metric'],
    [{ ...STEPS, metric: 'heart_rate', agg: 'sum' }, '/agg'],
    [{ ...STEPS, unit: 'kg' }, '/unit'],
    [{ ...STEPS, period: 'year' }, '/period'],
    [{ ...STEPS, starts_on: '2026-02-30' }, '/starts_on'],
    [{ ...STEPS, ends_on: '2001-01-01' }, '/ends_on'],
    [{ metric: 'step_count' }, '/target'],
  ])('%j is refused, and says where', async (json, pointer) => {
    const { status, errors } = await set(json);
    expect([status, errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  it("is nobody else's", async () => {
    const { data } = await set(STEPS);
    const grace = await test.newPerson();
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['GET', '/progress'],
    ] as const) {
      const init = method === 'PATCH' ? { method, json: { target: 1 } } : { method };
      expect((await ask(`goals/${data.id}${path}`, init, grace.keys.read)).status).toBe(404);
    }
    expect((await ask<Shown>(`goals/${data.id}`)).data.target).toBe(8000);
  });
});

describe('progress', () => {
  it('judges each day by the target of its time, and leaves today out until it is reached', async () => {
    const { data } = await set({ ...STEPS, starts_on: dayFromNow(-5) });
    await test.stack.query(
      'insert into goal_targets (goal_id, starts_on, target) values ($1, $2, 10000)',
      [data.id, dayFromNow(-2)],
    );
    // Day -3 has no data.
    await totals('step_count', [
      { day: dayFromNow(-6), total: 1 },
      { day: dayFromNow(-5), total: 8000 },
      { day: dayFromNow(-4), total: 7999 },
      { day: dayFromNow(-2), total: 10_000 },
      { day: dayFromNow(-1), total: 12_000, samples: 600 },
      { day: dayFromNow(0), total: 500 },
    ]);
    const result = await progress(data.id);
    expect(result.periods.map(({ value, target, reached }) => [value, target, reached])).toEqual([
      [8000, 8000, true],
      [7999, 8000, false],
      [null, 8000, false],
      [10_000, 10_000, true],
      [12_000, 10_000, true],
      [500, 10_000, false],
    ]);
    expect(result).toMatchObject({ current_streak: 2, longest_streak: 2, share_reached: 3 / 5 });

    await test.stack.query('update day_totals set total = 10001 where user_id = $1 and day = $2', [
      ada.id,
      dayFromNow(0),
    ]);
    expect(await progress(data.id)).toMatchObject({ current_streak: 3, share_reached: 4 / 6 });
    const part = await progress(data.id, `?from=${dayFromNow(-4)}&to=${dayFromNow(-3)}`);
    expect(part).toMatchObject({ current_streak: 0, longest_streak: 0, share_reached: 0 });
    expect(part.periods.map(({ start }) => start)).toEqual([dayFromNow(-4), dayFromNow(-3)]);
  });

  it.each([
    ['monday', '2026-03-02', '2026-03-08', 30],
    ['sunday', '2026-03-01', '2026-03-07', 33],
    ['saturday', '2026-02-28', '2026-03-06', 35],
  ])('adds up weeks that begin on %s', async (week_start, start, end, value) => {
    await ask('preferences', { method: 'PATCH', json: { week_start } });
    const { data } = await set({ ...STEPS, period: 'week', target: 30, starts_on: '2026-03-04' });
    // Saturday to Sunday of the week after; what comes on the day of the month, once.
    await totals('step_count', [
      { day: '2026-02-28', total: 10 },
      { day: '2026-03-01', total: 8 },
      { day: '2026-03-02', total: 7 },
      { day: '2026-03-06', total: 10 },
      { day: '2026-03-07', total: 8 },
      { day: '2026-03-08', total: 5 },
    ]);
    const { periods } = await progress(data.id, '?to=2026-03-05');
    expect(periods).toEqual([{ start, end, value, target: 30, reached: true, running: false }]);
  });

  it('weighs averages by samples, and takes the last by its time', async () => {
    await totals('weight_body_mass', [
      {
        day: '2026-03-02',
        samples: 3,
        total: 240,
        min: 78,
        max: 82,
        last: 78,
        last_at: '2026-03-02T20:00:00Z',
      },
      { day: '2026-03-20', samples: 1, total: 76, last_at: '2026-03-20T06:00:00Z' },
      { day: '2026-04-01', samples: 1, total: 90 },
    ]);
    const values = async (agg: string) => {
      const goal = {
        metric: 'weight_body_mass',
        agg,
        period: 'month',
        direction: 'at_most',
        target: 80,
      };
      const { data } = await set({ ...goal, starts_on: '2026-02-01', ends_on: '2026-03-31' });
      const { periods } = await progress(data.id);
      return periods.map(({ value, reached }) => [value, reached]);
    };
    expect(await values('avg')).toEqual([
      [null, null],
      [79, true],
    ]);
    expect(await values('min')).toEqual([
      [null, null],
      [76, true],
    ]);
    expect(await values('max')).toEqual([
      [null, null],
      [82, false],
    ]);
    expect(await values('last')).toEqual([
      [null, null],
      [76, true],
    ]);
  });

  it('takes each day of what adds up as one number', async () => {
    await totals('step_count', [
      { day: '2026-03-02', samples: 900, total: 9000, min: 1, max: 120 },
      { day: '2026-03-03', samples: 100, total: 3000, min: 2, max: 110 },
    ]);
    const value = async (agg: string) => {
      const life = { starts_on: '2026-03-02', ends_on: '2026-03-08' };
      const { data } = await set({ ...STEPS, agg, period: 'week', ...life });
      return (await progress(data.id)).periods.map((period) => period.value);
    };
    expect(await value('avg')).toEqual([6000]);
    expect(await value('min')).toEqual([3000]);
    expect(await value('max')).toEqual([9000]);
    expect(await value('last')).toEqual([3000]);
  });

  it('knows sleep by the longest plausible night of a day', async () => {
    const night = (date: string, from: string, to: string, hours: number) => ({
      date: `${date} 00:00:00 +0100`,
      totalSleep: hours,
      sleepStart: `${from} +0100`,
      sleepEnd: `${to} +0100`,
      source: 'Watch',
    });
    const nights = [
      night('2026-03-03', '2026-03-02 23:00:00', '2026-03-03 06:30:00', 7.25),
      night('2026-03-03', '2026-03-03 13:00:00', '2026-03-03 14:00:00', 1),
      // More sleep than time.
      night('2026-03-04', '2026-03-04 05:00:00', '2026-03-04 06:00:00', 9),
    ];
    await test.upload(ada, payload(metric('sleep_analysis', 'hr', nights)));
    const life = { starts_on: '2026-03-03', ends_on: '2026-03-04' };
    const { data } = await set({ metric: 'sleep_analysis', target: 420, unit: 'min', ...life });
    expect(data).toMatchObject({ target: 7, unit: 'hr' });
    const { periods } = await progress(data.id);
    expect(periods.map(({ value, reached }) => [value, reached])).toEqual([
      [7.25, true],
      [null, false],
    ]);
  });

  it('is shown in the units of the person, and understands targets in them', async () => {
    await ask('preferences', { method: 'PATCH', json: { units: { km: 'mi' } } });
    await totals('cycling_distance', [{ day: '2026-03-02', total: 16.09344 }]);
    const life = { starts_on: '2026-03-02', ends_on: '2026-03-02' };
    const { data } = await set({ metric: 'cycling_distance', target: 10, ...life });
    expect(data).toMatchObject({ target: 10, unit: 'mi' });
    const { data: stored } = await ask<Shown>(`goals/${data.id}?units=canonical`);
    expect(stored.unit).toBe('km');
    expect(stored.target).toBeCloseTo(16.09344, 9);
    const shown = await progress(data.id);
    expect(shown.unit).toBe('mi');
    expect(shown.periods[0]?.value).toBeCloseTo(10, 9);
    expect(shown.periods[0]?.reached).toBe(true);
    const canonical = await progress(data.id, '?units=canonical');
    expect(canonical.periods[0]?.value).toBe(16.09344);
  });

  it('says nothing of days that are being made anew', async () => {
    const life = { starts_on: '2026-03-02', ends_on: '2026-03-03' };
    const { data } = await set({ ...STEPS, ...life });
    await totals('step_count', [
      { day: '2026-03-02', total: 9000 },
      { day: '2026-03-03', total: 9000 },
    ]);
    const stale = (until: string | null) =>
      test.stack.query(
        `insert into stale_metrics (user_id, metric, done_until) values ($1, 'step_count', $2)
         on conflict (user_id, metric) do update set done_until = excluded.done_until`,
        [ada.id, until],
      );
    await stale('2026-03-03');
    const { message, data: partly } = await ask<Progress>(`goals/${data.id}/progress`);
    expect(message).toContain('anew');
    expect(partly.periods.map(({ value, reached }) => [value, reached])).toEqual([
      [9000, true],
      [null, null],
    ]);
    expect(partly).toMatchObject({ current_streak: 1, share_reached: 1 });
    await stale(null);
    expect((await progress(data.id)).share_reached).toBeNull();
  });

  it('is not for keys that read no health data', async () => {
    const { data } = await set(STEPS);
    const { error } = await ask(`goals/${data.id}/progress`, {}, ada.keys.admin);
    expect(error).toBe('scope_missing');
    expect((await ask(`goals/${data.id}`, {}, ada.keys.admin)).status).toBe(200);
  });
});
