import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import { type Delivery, loadAll, metrics, section, sleep } from './support/load.ts';
import { AT, metric, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** What any server for this app must take, point by point: the acceptance checklist of its reference. */

let loader: Loader;
let test: TestStack;
let ada: Person;
beforeAll(async () => {
  loader = await startLoader(process.env.TEST_DATABASE_URL ?? null);
  test = await startTestStack();
  ada = await test.newPerson();
});
afterAll(async () => {
  await test.stack.stop();
  await loader.stop();
});

const load = (...deliveries: Delivery[]) => loadAll(loader, ...deliveries);
const step = { qty: 1, date: AT };

describe('Body', () => {
  let next = 0;
  /** A body that no test has sent before. */
  const fresh = () => payload(steps({ qty: ++next, date: AT }));

  it.each([
    ['empty data', () => '{"data":{}}', 0],
    [
      'stray root arrays',
      () => `{"data":{"metrics":[${JSON.stringify(steps(step))}]},"workouts":[]}`,
      1,
    ],
    ['inner object without data', () => `{"metrics":[${JSON.stringify(steps(step))}]}`, 1],
    ['BOM', () => `\ufeff${fresh()}`, 1],
    ['pretty-printed', () => JSON.stringify(JSON.parse(fresh()), null, 2), 1],
  ])('%s', async (_, body, received) => {
    const answer = await test.post(ada, body());
    expect([answer.status, answer.body.data.totals.received]).toEqual([200, received]);
  });

  it.each(['text/plain', 'application/octet-stream'])('%s and raw bytes', async (type) => {
    const body = new TextEncoder().encode(fresh());
    expect(await test.post(ada, body, { 'Content-Type': type })).toMatchObject({ status: 200 });
  });

  it('64 MiB', async () => {
    const blanks = ' '.repeat(64 * 1024 * 1024 - 1000);
    const { body } = await test.post(ada, gzipSync(`{"data":{${blanks}"metrics":[]}}`), {
      'Content-Encoding': 'gzip',
    });
    // So much of nothing is taken for a bomb; unpacked it passes.
    expect(body.error).toBe('expansion_refused');
    const receipt = await test.upload(ada, `{"data":{${blanks}"metrics":[]}}`);
    expect(receipt.status).toBe('stored');
  });

  it('broken JSON → 400', async () => {
    expect(await test.post(ada, '{"data":{"metrics":[}')).toMatchObject({ status: 400 });
  });
});

describe('Headers', () => {
  it('all five missing', async () => {
    const { body } = await test.post(ada, payload(steps({ qty: 101, date: AT })));
    expect(body.data.automation).toEqual({
      name: null,
      id: null,
      aggregation: null,
      period: null,
      session_id: null,
    });
  });

  it.each(['minutes', 'MINUTES', ' Minutes '])('lower and upper case: %s', async (aggregation) => {
    const { rows } = await load({
      ...metrics(steps(step)),
      headers: { 'automation-aggregation': aggregation },
    });
    expect(rows.samples).toMatchObject([{ grouping: 'minutes' }]);
  });

  it('token with trailing space and U+200B', async () => {
    // Header values travel as bytes: the phone sends the zero-width space in UTF-8.
    const key = `${ada.keys.ing} \u00e2\u0080\u008b`;
    const { status } = await test.call('/api/v1/sync', null, {
      method: 'POST',
      body: '{"data":{}}',
      headers: { 'X-API-Key': key },
    });
    expect(status).toBe(200);
  });
});

describe('Metrics', () => {
  it('unknown name', async () => {
    const { rows } = await load(metrics(metric('brand_new', 'x', [step])));
    expect(rows.samples).toMatchObject([{ metric: 'brand_new', unit: 'x', value: 1 }]);
  });

  it('unknown unit', async () => {
    const { rows, codes } = await load(metrics(metric('step_count', 'furlongs', [step])));
    expect(rows.samples).toMatchObject([{ metric: 'step_count', unit: 'furlongs' }]);
    expect(codes).toEqual(['unit_unknown']);
  });

  it('missing unit', async () => {
    const { rows } = await load(metrics({ name: 'step_count', data: [step] }));
    expect(rows.samples).toMatchObject([{ unit: 'count' }]);
  });

  it('data: null', async () => {
    const { receipts } = await load(metrics({ name: 'step_count', data: null }));
    expect(receipts[0]?.status).toBe('stored');
  });

  it('the same name twice', async () => {
    const later = { qty: 2, date: '2026-03-02 07:42:00 +0100' };
    const { rows } = await load(metrics(steps(step), steps(later)));
    expect(rows.samples).toHaveLength(2);
  });

  it('one bad date among good ones', async () => {
    const { rows, receipts } = await load(metrics(steps(step, { qty: 1, date: 'soon' })));
    expect(rows.samples).toHaveLength(1);
    expect(receipts[0]?.issues).toMatchObject([
      { pointer: '/data/metrics/0/data/1', code: 'invalid_date' },
    ]);
  });

  it('Range on a Quantity metric', async () => {
    const range = { Min: 1, Avg: 2, Max: 3, date: AT };
    const { rows } = await load(metrics(metric('vo2_max', 'ml/(kg·min)', [range])));
    expect(rows.samples).toMatchObject([{ value: 2, min: 1, max: 3 }]);
  });

  it('qty on heart rate', async () => {
    const { rows } = await load(metrics(metric('heart_rate', 'bpm', [{ qty: 60, date: AT }])));
    expect(rows.samples).toMatchObject([{ value: 60, unit: 'count/min' }]);
  });

  it('fractional steps', async () => {
    const { rows } = await load(metrics(steps({ qty: 0.25, date: AT })));
    expect(rows.samples).toMatchObject([{ value: 0.25 }]);
  });

  it('kJ and kcal in one day', async () => {
    const { rows } = await load(
      metrics(
        metric('active_energy', 'kJ', [{ qty: 4.184, date: '2026-03-02 01:00:00 +0000' }]),
        metric('active_energy', 'kcal', [{ qty: 2, date: '2026-03-02 02:00:00 +0000' }]),
      ),
    );
    expect(rows.samples).toMatchObject([{ value: 1 }, { value: 2 }]);
  });

  it('empty, piped and object source', async () => {
    const { rows } = await load(
      metrics(
        steps(
          { ...step, source: '' },
          { ...step, source: 'B|A' },
          { ...step, source: { name: 'Ring', identifier: 'com.ring' } },
        ),
      ),
    );
    expect(rows.samples?.map(({ source }) => source)).toEqual([undefined, 'A|B', 'Ring']);
  });

  it('duplicate key inside one body', async () => {
    const { rows, receipts } = await load(metrics(steps(step, step)));
    expect(rows.samples).toHaveLength(1);
    expect(receipts[0]?.totals).toMatchObject({ received: 2, inserted: 1, unchanged: 1 });
  });
});

describe('Sleep', () => {
  const night = {
    date: '2026-03-02 00:00:00 +0100',
    sleepStart: '2026-03-01 23:00:00 +0100',
    sleepEnd: '2026-03-02 07:00:00 +0100',
    totalSleep: 7,
  };
  const segment = (value: string, hour: number) => ({
    startDate: `2026-03-02 0${hour}:00:00 +0100`,
    endDate: `2026-03-02 0${hour + 1}:00:00 +0100`,
    value,
  });

  it.each([
    ['2021: totals alone', { asleep: 7, inBed: 8, sleepSource: 'Pillow', inBedSource: 'Phone' }, 7],
    ['to 6.6.2: with times', { ...night, totalSleep: undefined, asleep: 7, inBed: 8 }, 7],
    [
      'from 6.6.2: with stages',
      { ...night, totalSleep: undefined, asleep: 0, core: 4, deep: 1, rem: 2 },
      7,
    ],
    [
      'today: with a total',
      { ...night, asleep: 0, core: 4, deep: 1, rem: 2, awake: 1, inBed: 0 },
      7,
    ],
    ['documented: a date alone', { ...night, date: '2026-03-02' }, 7],
    ['capitalised', { Asleep: 7, InBed: 8 }, 7],
  ])('six schema generations: %s', async (_, fields, total) => {
    const { rows } = await load(sleep({ date: night.date, ...fields }));
    expect(rows.sleep_nights).toMatchObject([{ total, day: '2026-03-02' }]);
  });

  it('night with missing in-bed pair', async () => {
    const { rows } = await load(sleep(night));
    expect(rows.sleep_nights?.[0]).not.toHaveProperty('in_bed_from');
  });

  it('nap and night on one date', async () => {
    const nap = {
      ...night,
      sleepStart: '2026-03-02 14:00:00 +0100',
      sleepEnd: '2026-03-02 15:00:00 +0100',
      totalSleep: 0.9,
    };
    const { rows } = await load(sleep(night, nap));
    expect(rows.sleep_nights?.map(({ total }) => total)).toEqual([7, 0.9]);
  });

  it('same night with later start', async () => {
    const cut = { ...night, sleepStart: '2026-03-02 04:00:00 +0100', totalSleep: 2.5 };
    for (const order of [
      [night, cut],
      [cut, night],
    ]) {
      const { rows } = await load(...order.map((each) => sleep(each)));
      expect(rows.sleep_nights).toMatchObject([{ total: 7 }]);
    }
  });

  it('segments with parallel InBed', async () => {
    const { rows } = await load(sleep(segment('InBed', 1), segment('Core', 1), segment('REM', 2)));
    expect(rows.sleep_stages?.map(({ stage }) => stage)).toEqual(['core', 'in_bed', 'rem']);
  });

  it.each([
    ['Tief', 'deep'],
    ['Sveglio', 'awake'],
    ['코어', 'core'],
    ['レム', 'rem'],
    ['Im Bett', 'in_bed'],
  ])('localised stage: %s', async (value, stage) => {
    const { rows } = await load(sleep(segment(value, 1)));
    expect(rows.sleep_stages).toMatchObject([{ stage, label: value }]);
  });
});

describe('Workouts', () => {
  const v2 = { id: 'A', name: 'Outdoor Walk', start: AT, end: AT, duration: 1 };
  const v1 = { name: 'Walking', start: AT, end: AT };

  it('v1, v2 and a mixed list', async () => {
    const { rows } = await load(section('workouts', v2, v1));
    expect(rows.workouts?.map(({ version }) => version).sort()).toEqual([1, 2]);
  });

  it('missing energy', async () => {
    const { rows } = await load(section('workouts', v2));
    expect(rows.workouts?.[0]).not.toHaveProperty('active_energy_kcal');
  });

  it('stepCount object and array', async () => {
    const { rows } = await load(
      section('workouts', { ...v1, stepCount: { qty: 9 } }, { ...v2, stepCount: [step] }),
    );
    expect(rows.workouts?.some(({ step_count }) => step_count === 9)).toBe(true);
    expect(rows.workout_samples).toMatchObject([{ metric: 'step_count', value: 1 }]);
  });

  it('route in both spellings', async () => {
    const { rows } = await load(
      section(
        'workouts',
        { ...v1, route: [{ lat: 48, lon: 16, altitude: 1, timestamp: AT }] },
        { ...v2, route: [{ latitude: 48, longitude: 16, altitude: 1, timestamp: AT }] },
      ),
    );
    expect(new Set(rows.workout_routes?.map(({ track }) => track)).size).toBe(1);
    expect(rows.workout_routes).toHaveLength(2);
  });

  it('−1 course', async () => {
    const point = { latitude: 48, longitude: 16, course: -1, speed: -1 };
    const { rows } = await load(section('workouts', { ...v2, route: [point] }));
    expect(rows.workout_routes).toMatchObject([{ course: [null], speed: [null] }]);
  });

  it('lapLength 0.025 "m"', async () => {
    const { rows } = await load(
      section('workouts', { ...v2, lapLength: { qty: 0.025, units: 'm' } }),
    );
    expect(rows.workouts).toMatchObject([{ lap_length_m: 25 }]);
  });

  it.each([
    ['Innenräume Radfahren', 'cycling'],
    ['Outdoor Ausführen', 'running'],
    ['걷기', 'walking'],
    ['Hopserlauf', undefined],
  ])('localised name: %s', async (name, activity) => {
    const { rows } = await load(section('workouts', { ...v2, name }));
    expect(rows.workouts?.[0]?.name).toBe(name);
    expect(rows.workouts?.[0]?.activity).toBe(activity);
  });

  it('a corrected start replaces the earlier row, and takes its series and its way along', async () => {
    const point = { latitude: 48, longitude: 16, timestamp: AT };
    const { rows } = await load(
      section('workouts', { ...v2, route: [point], heartRateData: [step] }),
      section('workouts', { ...v2, start: '2025-12-31 23:00:00 +0000' }),
    );
    expect(rows.workouts).toMatchObject([{ started_at: '2025-12-31T23:00:00Z', revision: 1 }]);
    expect(rows.workout_routes).toMatchObject([{ started_at: '2025-12-31T23:00:00Z' }]);
    expect(rows.workout_samples).toHaveLength(1);
  });
});

describe('Others', () => {
  it('ECG average 0 and localised class', async () => {
    const { rows } = await load(
      section('ecg', { start: AT, averageHeartRate: 0, classification: 'Ritmo Sinusal' }),
    );
    expect(rows.ecg_recordings).toMatchObject([
      { class: 'sinus_rhythm', classification: 'Ritmo Sinusal' },
    ]);
    expect(rows.ecg_recordings?.[0]).not.toHaveProperty('average_heart_rate');
  });

  it('HRN with object source, missing threshold, threshhold', async () => {
    const source = { name: 'Watch', identifier: 'x' };
    const low = 'low_heart_rate_notification';
    const { rows } = await load(
      section(
        'heartRateNotifications',
        { heartNotification: 'irregular_rhythm_notification', start: AT, source },
        { heartNotification: low, start: AT, threshhold: { qty: 40, units: 'bpm' } },
      ),
    );
    expect(rows.events?.map(({ quantity }) => quantity)).toEqual([undefined, 40]);
  });

  it('state of mind with string and number class', async () => {
    const mood = { start: AT, kind: 'daily_mood' };
    const { rows } = await load(
      section(
        'stateOfMind',
        { ...mood, id: 'A', valenceClassification: 'pleasant' },
        { ...mood, id: 'B', valenceClassification: 6 },
      ),
    );
    expect(rows.events?.map(({ value_code }) => value_code)).toEqual(['pleasant', 'pleasant']);
  });

  it('medication trailing space and status change', async () => {
    const dose = { scheduledDate: AT };
    const { rows } = await load(
      section('medications', { ...dose, displayText: 'Pill ', status: 'Not Interacted' }),
      section('medications', { ...dose, displayText: 'Pill', status: 'Taken', dosage: 1 }),
    );
    expect(rows.events).toMatchObject([{ name: 'Pill', value_code: 'taken', revision: 1 }]);
  });
});

describe('Dates', () => {
  it.each([
    ['1: offset', '2026-03-02 14:30:00 +0100', '2026-03-02T13:30:00Z'],
    ['2: AM/PM', '2026-03-02 2:30:00 PM +0100', '2026-03-02T13:30:00Z'],
    ['3: U+202F', '2026-03-02 2:30:00\u202fpm +0100', '2026-03-02T13:30:00Z'],
    ['4: day alone', '2026-03-02', '2026-03-01T23:00:00Z'],
    ['5: ISO', '2026-03-02T13:30:00Z', '2026-03-02T13:30:00Z'],
    ['6: Unix seconds', 1772458200.5, '2026-03-02T13:30:00.500Z'],
    ['7: Unix milliseconds', 1772458200000, '2026-03-02T13:30:00Z'],
    ['8: seconds since 2001', 794151000, '2026-03-02T13:30:00Z'],
    ['9: milliseconds', '2026-03-02 14:30:00.125 +0100', '2026-03-02T13:30:00.125Z'],
    ['10: Z', '2026-03-02 13:30:00 Z', '2026-03-02T13:30:00Z'],
    ['11: without seconds', '2026-03-02 02:30 PM', '2026-03-02T13:30:00Z'],
    ['missing offset', '2026-03-02 14:30:00', '2026-03-02T13:30:00Z'],
    ['DST gap', '2026-03-29 02:30:00', '2026-03-29T01:30:00Z'],
  ])('%s', async (_, date, recorded_at) => {
    const { rows } = await load(metrics(steps({ qty: 1, date })));
    expect(rows.samples).toMatchObject([{ recorded_at }]);
  });

  it('12: null on unsummarised sleep', async () => {
    const { rows } = await load(sleep({ date: null, startDate: AT, endDate: AT, value: 'Core' }));
    expect(rows.sleep_stages).toHaveLength(1);
  });

  it('31 February', async () => {
    const { rows, codes } = await load(
      metrics(steps({ qty: 1, date: '2026-02-31 00:00:00 +0000' })),
    );
    expect([rows.samples, codes]).toEqual([undefined, ['invalid_date']]);
  });

  it('two offsets for one instant', async () => {
    const { rows } = await load(
      metrics(steps({ qty: 1, date: '2026-03-02 14:30:00 +0100' })),
      metrics(steps({ qty: 2, date: '2026-03-02 08:30:00 -0500' })),
    );
    expect(rows.samples).toMatchObject([{ value: 2 }]);
  });
});

describe('Re-send', () => {
  it('same body with shuffled keys → zero new rows', async () => {
    const { receipts } = await load(metrics(steps(step)), {
      body: `{"data":{"metrics":[{"units":"count","data":[{"date":"${AT}","qty":1}],"name":"step_count"}]}}`,
    });
    expect(receipts[1]?.totals).toMatchObject({ inserted: 0, updated: 0 });
  });

  it('partial bucket then full → one row with the full value', async () => {
    const { rows } = await load(metrics(steps(step)), metrics(steps({ ...step, qty: 5 })));
    expect(rows.samples).toMatchObject([{ value: 5 }]);
  });

  it('delta after total → not shrunk', async () => {
    const headers = { 'automation-period': 'Since Last Sync', 'automation-aggregation': 'Days' };
    const { rows } = await load(
      { ...metrics(steps({ ...step, qty: 5 })), headers: { 'automation-aggregation': 'Days' } },
      { ...metrics(steps(step)), headers },
    );
    expect(rows.samples).toMatchObject([{ value: 5 }]);
  });
});
