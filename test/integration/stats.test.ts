import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Stats } from '../../src/read/stats.ts';
import { metric, payload, steps } from './support/payloads.ts';
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

async function ask(key = ada.keys.read) {
  const { status, body } = await test.call('/api/v1/stats', key);
  return { ...body, status, data: body.data as unknown as Stats };
}

/** In place of whatever the loads have counted. */
async function totals(rows: [metric: string, day: string, samples: number][]) {
  await test.stack.query('delete from stale_metrics where user_id = $1', [ada.id]);
  await test.stack.query('delete from day_totals where user_id = $1', [ada.id]);
  await test.stack.query(
    `insert into day_totals (user_id, metric, day, samples, total)
     select $1, metric, day, samples, 0 from jsonb_to_recordset($2) as row (metric text, day date, samples int)`,
    [ada.id, JSON.stringify(rows.map(([name, day, samples]) => ({ metric: name, day, samples })))],
  );
}

const point = { qty: 12, date: '2026-03-02 07:41:00 +0100', source: 'Watch' };

const BODY = JSON.stringify({
  data: {
    metrics: [
      steps(point, { ...point, source: 'Phone' }, { ...point, date: 'never' }),
      metric('blood_pressure', 'mmHg', [
        { systolic: 118, diastolic: 76, date: '2026-03-02 08:00:00 +0100', source: 'Cuff' },
      ]),
      metric('sleep_analysis', 'hr', [
        {
          date: '2026-03-02 00:00:00 +0100',
          totalSleep: 7,
          sleepStart: '2026-03-01 23:00:00 +0100',
          sleepEnd: '2026-03-02 06:30:00 +0100',
          source: 'Watch',
        },
      ]),
    ],
    workouts: [
      {
        id: 'w1',
        name: 'Running',
        start: '2026-03-02 18:00:00 +0100',
        end: '2026-03-02 18:30:00 +0100',
        duration: 1800,
      },
    ],
    symptoms: [
      {
        name: 'Headache',
        severity: 'Mild',
        start: '2026-03-02 10:00:00 +0100',
        end: '2026-03-02 11:00:00 +0100',
        userEntered: true,
      },
    ],
  },
});

describe('stats', () => {
  it('of a person without data are zero', async () => {
    const { status, data } = await ask();
    expect(status).toBe(200);
    expect(data).toEqual({
      samples: { total: 0, metrics: [], counted_anew: [] },
      days_with_data: 0,
      records: { nights: 0, workouts: 0, ecg: 0, blood_pressure: 0, events: {} },
      uploads: { total: 0, stored: 0, stored_with_issues: 0, failed: 0, open: 0, last_at: null },
      archived_bytes: 0,
      sources: [],
      estimated_bytes: 0,
    });
  });

  it('count what has come, section by section, and what became of the uploads', async () => {
    const first = await test.upload(ada, BODY);
    const second = await test.upload(ada, payload(steps({ ...point, qty: 13 })));
    await totals([]);
    const { data } = await ask();
    expect(data.records).toEqual({
      nights: 1,
      workouts: 1,
      ecg: 0,
      blood_pressure: 1,
      events: { symptom: 1 },
    });
    expect(data.uploads).toEqual({
      total: 2,
      stored: 1,
      stored_with_issues: 1,
      failed: 0,
      open: 0,
      last_at: second.received_at,
    });
    expect(data.archived_bytes).toBe(first.bytes + second.bytes);
    expect(data.sources).toEqual(['Cuff', 'Phone', 'Watch']);
    expect(data.estimated_bytes).toBeGreaterThan(0);
  });

  it('a replay is an upload, but archives nothing', async () => {
    const { id, bytes } = await test.upload(ada, payload(steps(point)));
    await test.call(`/api/v1/ingestions/${id}/replay`, ada.keys.ing, { method: 'POST' });
    const { data } = await ask();
    expect([data.uploads.total, data.archived_bytes]).toEqual([2, bytes]);
  });

  it('count samples by their days', async () => {
    await totals([
      ['step_count', '2026-03-01', 600],
      ['step_count', '2026-03-03', 700],
      ['step_count', '2026-03-04', 0],
      ['heart_rate', '2026-03-03', 1000],
    ]);
    const { data } = await ask();
    expect(data.days_with_data).toBe(2);
    expect(data.samples).toEqual({
      total: 2300,
      metrics: [
        { metric: 'heart_rate', samples: 1000, days: 1, first: '2026-03-03', last: '2026-03-03' },
        { metric: 'step_count', samples: 1300, days: 2, first: '2026-03-01', last: '2026-03-03' },
      ],
      counted_anew: [],
    });
  });

  it('leave out, by name, what is being counted anew', async () => {
    await totals([['step_count', '2026-03-01', 600]]);
    await test.stack.query(
      `insert into stale_metrics (user_id, metric) values ($1, 'step_count')`,
      [ada.id],
    );
    const { samples } = (await ask()).data;
    expect(samples).toEqual({ total: 0, metrics: [], counted_anew: ['step_count'] });
  });

  it("are nobody else's, and none of the phone's business", async () => {
    await totals([['step_count', '2026-03-01', 600]]);
    const grace = await test.newPerson();
    expect((await ask(grace.keys.read)).data.samples.total).toBe(0);
    expect((await ask(ada.keys.ing)).error).toBe('scope_missing');
    expect((await ask(ada.keys.admin)).error).toBe('scope_missing');
  });
});
