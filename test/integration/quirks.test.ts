import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import { type Delivery, loadAll, metrics, section, sleep } from './support/load.ts';
import { AT, metric, minutes, type Point, payload, steps } from './support/payloads.ts';
import { startTestStack, type TestStack } from './support/stack.ts';

/** The known quirks of the app, one test each, named by their number. */

let loader: Loader;
let test: TestStack;
beforeAll(async () => {
  loader = await startLoader(process.env.TEST_DATABASE_URL ?? null);
  test = await startTestStack({ MAX_BODY_BYTES: '6000000' });
});
afterAll(async () => {
  await test.stack.stop();
  await loader.stop();
});

const load = (...deliveries: Delivery[]) => loadAll(loader, ...deliveries);
const values = (rows: Record<string, unknown>[] = []) => rows.map(({ value }) => value);

const DAYS = { 'automation-aggregation': 'Days' };
const PARTIAL = { ...DAYS, 'automation-period': 'Since Last Sync' };
const MIDNIGHT = '2026-03-02 00:00:00 +0100';

describe('the same data again', () => {
  it('Q1: overlapping windows, eighteen uploads of the same rows, leave one row each', async () => {
    const window = metrics(steps(...minutes(20)));
    const { rows, receipts } = await load(...Array.from({ length: 18 }, () => window));
    expect(rows.samples).toHaveLength(20);
    expect(receipts.slice(1).every(({ totals }) => totals.unchanged === 20)).toBe(true);
  });

  it('Q2: the same points with keys in another order are no news', async () => {
    const shuffled = {
      body: `{"data":{"metrics":[{"data":[{"source":"W","date":"${AT}","qty":3}],"units":"count","name":"step_count"}]}}`,
    };
    const { receipts } = await load(metrics(steps({ qty: 3, date: AT, source: 'W' })), shuffled);
    expect(receipts[1]?.totals).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 });
  });

  it('Q3: a last bucket that was partial is replaced by the full one', async () => {
    const { rows } = await load(
      metrics(steps({ qty: 3, date: AT })),
      metrics(steps({ qty: 9, date: AT })),
    );
    expect(rows.samples).toMatchObject([{ value: 9, revision: 1 }]);
  });

  it('Q4: a delta stamped as the day never shrinks the day', async () => {
    const day = (qty: number) => metrics(steps({ qty, date: MIDNIGHT }));
    const { rows } = await load({ ...day(8000), headers: DAYS }, { ...day(500), headers: PARTIAL });
    expect(values(rows.samples)).toEqual([8000]);
  });

  it('Q5: a value that was written late fills its place in the past', async () => {
    const rest = (qty: number, date: string) =>
      metric('resting_heart_rate', 'bpm', [{ qty, date }]);
    const { rows } = await load(
      metrics(rest(55, '2026-03-03 00:00:00 +0100')),
      metrics(rest(54, '2026-03-02 00:00:00 +0100')),
    );
    expect(values(rows.samples)).toEqual([54, 55]);
  });

  it('Q6: a window without a sample that is stored deletes nothing', async () => {
    const { rows } = await load(metrics(steps(...minutes(5))), metrics(steps(...minutes(2))));
    expect(rows.samples).toHaveLength(5);
  });

  it('Q31: the same key twice in one payload is one row, and both items are accounted for', async () => {
    const { rows, receipts } = await load(
      metrics(steps({ qty: 3, date: AT }, { qty: 3, date: AT }), steps({ qty: 3, date: AT })),
    );
    expect(rows.samples).toHaveLength(1);
    expect(receipts[0]?.metrics.step_count).toMatchObject({
      received: 3,
      inserted: 1,
      unchanged: 2,
    });
  });
});

describe('what tells samples apart', () => {
  it('Q7: without ids, metric, source, grouping and moment make a sample', async () => {
    const { rows } = await load(
      metrics(
        steps({ qty: 1, date: AT, source: 'A' }, { qty: 2, date: AT, source: 'B' }),
        metric('flights_climbed', 'count', [{ qty: 1, date: AT, source: 'A' }]),
      ),
    );
    expect(rows.samples).toHaveLength(3);
  });

  it('Q8: minutes that add up to more than the day do not touch the day', async () => {
    const { rows } = await load(
      { ...metrics(steps({ qty: 100, date: MIDNIGHT })), headers: DAYS },
      {
        ...metrics(steps(...minutes(3).map((point) => ({ ...point, qty: 90 })))),
        headers: { 'automation-aggregation': 'Minutes' },
      },
    );
    expect(rows.samples?.filter(({ grouping }) => grouping === 'days')).toMatchObject([
      { value: 100 },
    ]);
  });

  it('Q9: the day and its first minute do not collide at midnight', async () => {
    const at = (qty: number, aggregation: string) => ({
      ...metrics(steps({ qty, date: MIDNIGHT, source: 'W' })),
      headers: { 'automation-aggregation': aggregation },
    });
    const { rows } = await load(at(8000, 'Days'), at(12, 'Minutes'));
    expect(values(rows.samples)).toEqual([8000, 12]);
  });

  it('Q18: a source in any order of its parts, with any blank, is one source; an empty one is none', async () => {
    const { rows } = await load(
      metrics(
        steps(
          { qty: 1, date: AT, source: 'Ada’s\u00a0Watch|Phone' },
          { qty: 1, date: AT, source: 'Phone|Ada’s Watch' },
          { qty: 1, date: AT, source: '' },
        ),
      ),
    );
    expect(rows.samples?.map(({ source }) => source)).toEqual([undefined, 'Ada’s Watch|Phone']);
  });
});

describe('how it is written', () => {
  it('Q10: AM and PM, before them a narrow no-break space, and capitals or not', async () => {
    const dates = [
      '2026-03-02 1:00:00 PM +0100',
      '2026-03-02 2:00:00\u202fPM +0100',
      '2026-03-02 3:00:00 pm +0100',
    ];
    const { rows } = await load(metrics(steps(...dates.map((date) => ({ qty: 1, date })))));
    expect(rows.samples?.map(({ recorded_at }) => recorded_at)).toEqual([
      '2026-03-02T12:00:00Z',
      '2026-03-02T13:00:00Z',
      '2026-03-02T14:00:00Z',
    ]);
  });

  it('Q11: localised words are kept as sent, and understood where known', async () => {
    const dose = { displayText: 'A', scheduledDate: AT, status: 'Tomado' };
    const { rows } = await load(section('medications', dose));
    expect(rows.events).toMatchObject([{ value: 'Tomado', value_code: 'taken' }]);
  });

  it('Q12: kilojoules are converted because they say so, never by assumption', async () => {
    const energy = (units: string, date: string) =>
      metric('active_energy', units, [{ qty: 418.4, date }]);
    const { rows } = await load(
      metrics(
        energy('kJ', '2026-03-02 01:00:00 +0000'),
        energy('kcal', '2026-03-02 02:00:00 +0000'),
      ),
    );
    expect(rows.samples).toMatchObject([
      { value: 100, unit: 'kcal' },
      { value: 418.4, unit: 'kcal' },
    ]);
  });

  it('Q13: units that lie are seen through, or the value is kept apart as sent', async () => {
    const { rows } = await load(
      section('workouts', {
        id: 'A',
        name: 'Pool Swim',
        start: AT,
        duration: 60,
        lapLength: { qty: 0.025, units: 'm' },
        speed: { qty: 2.1, units: 'm/hr' },
        avgSpeed: { qty: 0.4, units: 'km' },
      }),
    );
    expect(rows.workouts).toMatchObject([
      { lap_length_m: 25, speed_km_hr: 2.1, attributes: { avgSpeed: { qty: 0.4, units: 'km' } } },
    ]);
  });

  it('Q14: a metric without points is accepted', async () => {
    const { receipts } = await load(metrics(steps()));
    expect(receipts[0]).toMatchObject({ status: 'stored', totals: { received: 0 } });
  });

  it('Q17: names of old builds, with colon and dash, mean the metrics of today', async () => {
    const { rows } = await load(
      metrics(
        metric('stair_speed:_up', 'm/s', [{ qty: 1, date: AT }]),
        metric('six-minute_walking_test_distance', 'm', [{ qty: 1, date: AT }]),
      ),
    );
    expect(rows.samples?.map(({ metric: name }) => name)).toEqual([
      'six_minute_walking_test_distance',
      'stair_speed_up',
    ]);
  });

  it('Q21: a fraction of a step is a number like any other', async () => {
    const { rows } = await load(metrics(steps({ qty: 8.27, date: AT })));
    expect(values(rows.samples)).toEqual([8.27]);
  });

  it('Q22: a heart rate of zero is no heart rate', async () => {
    const { rows, codes } = await load(
      metrics(metric('heart_rate', 'bpm', [{ qty: 0, date: AT }])),
      section('ecg', { start: AT, averageHeartRate: 0, voltageMeasurements: [] }),
    );
    expect(rows.samples).toBeUndefined();
    expect(codes).toEqual(['zero_means_none']);
    expect(rows.ecg_recordings?.[0]).not.toHaveProperty('average_heart_rate');
  });

  it('Q24: step count and energy are a sum in version 1 and a series in version 2', async () => {
    const { rows } = await load(
      section(
        'workouts',
        { name: 'Walking', start: AT, end: AT, stepCount: { qty: 2100, units: 'steps' } },
        {
          id: 'B',
          name: 'Walking',
          start: AT,
          duration: 60,
          stepCount: [{ date: AT, qty: 60, units: 'count' }],
        },
      ),
    );
    expect(rows.workouts?.map(({ step_count }) => step_count).sort()).toEqual([2100, undefined]);
    expect(values(rows.workout_samples)).toEqual([60]);
  });

  it('Q25: the source of a notification is an object, or a name', async () => {
    const notification = { heartNotification: 'high_heart_rate_notification', threshold: 120 };
    const { rows } = await load(
      section(
        'heartRateNotifications',
        { ...notification, start: AT, source: { name: 'Watch', identifier: 'com.apple.health' } },
        { ...notification, start: MIDNIGHT, source: 'Watch' },
      ),
    );
    expect(rows.events?.map(({ source }) => source)).toEqual(['Watch', 'Watch']);
  });

  it('Q26: one day in kcal and kJ is one unit before anything is added', async () => {
    const energy = (units: string, qty: number, hour: number) =>
      metric('active_energy', units, [{ qty, date: `2026-03-02 0${hour}:00:00 +0000` }]);
    const { rows } = await load(metrics(energy('kJ', 418.4, 1), energy('kcal', 100, 2)));
    expect(values(rows.samples)).toEqual([100, 100]);
  });

  it('Q29: what the documentation shows is read like what the wire shows', async () => {
    const { rows, codes } = await load(
      section('stateOfMind', { id: 'M', start: AT, kind: 'daily_mood', valenceClassification: 4 }),
      section('ecg', {
        start: AT,
        voltageMeasurements: [
          { date: '2026-03-02 07:41:00.001 +0100', voltage: 0.00001, units: 'V' },
        ],
      }),
    );
    expect(codes).toEqual([]);
    expect(rows.events).toMatchObject([{ value: '4', value_code: 'neutral' }]);
    expect(rows.ecg_recordings).toMatchObject([{ voltages: [10] }]);
  });

  it('Q33: a range without an average has its middle for one, and says so', async () => {
    const { rows, codes } = await load(
      metrics(metric('heart_rate', 'bpm', [{ Min: 60, Max: 70, date: AT }])),
    );
    expect(rows.samples).toMatchObject([{ value: 65, min: 60, max: 70 }]);
    expect(codes).toEqual(['average_missing']);
  });

  it('Q34: an impossible value is kept as sent, and flagged', async () => {
    const { rows, codes } = await load(metrics(steps({ qty: -3, date: AT })));
    expect(values(rows.samples)).toEqual([-3]);
    expect(codes).toEqual(['value_implausible']);
  });
});

describe('nights', () => {
  const night = (fields: Point) => ({
    date: MIDNIGHT,
    sleepStart: '2026-03-01 23:00:00 +0100',
    sleepEnd: '2026-03-02 07:00:00 +0100',
    totalSleep: 7,
    source: 'W',
    ...fields,
  });

  it('Q15: a night without times in bed is a night', async () => {
    const { rows } = await load(sleep(night({})));
    expect(rows.sleep_nights).toMatchObject([{ total: 7 }]);
  });

  it('Q23: the same night with a later beginning does not make it shorter', async () => {
    const later = night({ sleepStart: '2026-03-02 03:00:00 +0100', totalSleep: 3.5 });
    const { rows } = await load(sleep(night({})), sleep(later));
    expect(rows.sleep_nights).toMatchObject([{ total: 7, began_at: '2026-03-01T22:00:00Z' }]);
  });

  it('Q32: a night that was added up is flagged, and gives way to one that can be', async () => {
    const { rows, codes } = await load(sleep(night({ totalSleep: 14 })), sleep(night({})));
    expect(codes).toEqual(['night_implausible']);
    expect(rows.sleep_nights).toMatchObject([{ total: 7, plausible: true }]);
  });
});

describe('the way in', () => {
  it('Q16: all eight sections are stored', async () => {
    const start = AT;
    const ada = await test.newPerson();
    const receipt = await test.upload(
      ada,
      JSON.stringify({
        data: {
          metrics: [steps({ qty: 1, date: AT })],
          workouts: [{ name: 'Walking', start, end: start }],
          ecg: [{ start }],
          heartRateNotifications: [{ heartNotification: 'low_heart_rate_notification', start }],
          stateOfMind: [{ id: 'M', start, kind: 'daily_mood' }],
          medications: [{ displayText: 'A', start }],
          symptoms: [{ name: 'Fever', start }],
          cycleTracking: [{ name: 'Menstrual Flow', start }],
        },
      }),
    );
    expect(receipt.totals).toMatchObject({ received: 8, inserted: 8 });
  });

  it('Q19: hours of silence and then a burst: nothing is refused', async () => {
    const ada = await test.newPerson({ requestsPerHour: 5, bytesPerHour: 1_000_000 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => test.post(ada, payload(steps({ qty: i, date: AT })))),
    );
    expect(answers.filter(({ status }) => status !== 200 && status !== 202)).toEqual([]);
  });

  it('Q20: whatever the type says, the bytes are read', async () => {
    const ada = await test.newPerson();
    const types = ['text/plain', 'application/octet-stream', 'multipart/form-data', 'text/csv'];
    for (const [i, type] of types.entries()) {
      const body = payload(steps({ qty: i, date: AT }));
      expect(await test.post(ada, body, { 'Content-Type': type })).toMatchObject({ status: 200 });
    }
  });

  it('Q27: more values than a statement has parameters are stored, all of them', async () => {
    const ada = await test.newPerson();
    const receipt = await test.upload(ada, payload(steps(...minutes(70_000))));
    expect(receipt.totals).toMatchObject({ received: 70_000, inserted: 70_000 });
  });

  it('Q28: a run without anything new is a success', async () => {
    const ada = await test.newPerson();
    for (const body of ['{"data":{}}', '{"data":{"metrics":[]}}']) {
      expect(await test.post(ada, body)).toMatchObject({ status: 200 });
    }
  });

  it('Q30: a large body is taken; one over the limit is told the limit, in JSON', async () => {
    const ada = await test.newPerson();
    const large = await test.post(ada, payload(steps(...minutes(70_000))));
    expect(large.body.success).toBe(true);
    const larger = await test.post(ada, payload(steps(...minutes(100_000))));
    expect([larger.status, larger.body.error]).toEqual([413, 'body_too_large']);
    expect(larger.body.detail).toContain('6000000');
  });
});
