import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Metric } from '../../src/catalog/kinds.ts';
import type { SampleOnTheWire } from '../../src/read/samples.ts';
import { sentIn } from './support/example.ts';
import { AT, chunked, metric, minutes, payload, steps } from './support/payloads.ts';
import { accounts } from './support/receipts.ts';
import { startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

const EXAMPLE = readFileSync(new URL('../../examples/health-auto-export.json', import.meta.url));
/** Of three slices or so. */
const large = (source: string) => payload(steps(...minutes(20_000, source)));

describe('a small upload', () => {
  it('is stored when the answer comes, and its receipt accounts for every item', async () => {
    const ada = await test.newPerson();
    const { status, headers, body } = await test.post(ada, EXAMPLE, {
      'automation-name': 'Every hour',
      'Automation-Aggregation': 'Hours',
      'session-id': 'A1',
    });
    expect(status).toBe(200);
    expect(headers.get('location')).toBe(`/api/v1/ingestions/${body.data.id}`);
    const { totals, metrics, issues, ...receipt } = body.data;
    expect(receipt).toMatchObject({
      status: 'stored',
      bytes: EXAMPLE.length,
      sha256: createHash('sha256').update(EXAMPLE).digest('hex'),
      automation: { name: 'Every hour', aggregation: 'Hours', period: null, session_id: 'A1' },
      slices: { total: 1, loaded: 1 },
    });
    expect(accounts(body.data)).toBe(true);
    expect(totals.set_aside).toBe(0);
    expect(issues).toEqual([]);
    expect(metrics.heart_rate?.inserted).toBeGreaterThan(0);
    expect(await test.rows(ada)).toHaveLength(totals.inserted);
  });

  it('has every number of the app in the database, in the unit of the catalogue', async () => {
    const ada = await test.newPerson();
    await test.upload(ada, EXAMPLE);
    const stored = await test.rows(ada);
    for (const [name, sent] of sentIn(EXAMPLE)) {
      const found = stored
        .filter(({ metric }) => metric === name)
        .map(({ at, numbers }) => ({
          at: Date.parse(`${at?.replace(' ', 'T')}:00`),
          numbers: numbers?.split(/[ /]/).map((text) => expect.closeTo(Number(text), 9)),
        }));
      expect(sent, name).toEqual(found.toSorted((a, b) => a.at - b.at));
    }
  });

  it('comes out as it went in', async () => {
    const ada = await test.newPerson();
    await test.upload(
      ada,
      payload(
        metric('heart_rate', 'bpm', [
          { Min: 58, Avg: 63.25, Max: 71, date: AT, source: 'Ada’s Watch' },
        ]),
        metric('blood_pressure', 'mmHg', [
          { systolic: 118, diastolic: 76, date: AT, source: 'Cuff' },
        ]),
        metric('blood_glucose', 'mg/dL', [{ qty: 90.078, mealTime: 'Before Meal', date: AT }]),
      ),
      { 'automation-aggregation': 'Minutes' },
    );
    const samples = async (name: string) => {
      const { body } = await test.call(`/api/v1/metrics/${name}/samples`, ada.keys.read);
      return body.data as unknown as SampleOnTheWire[];
    };
    const recorded_at = '2026-03-02T06:41:00.000Z';
    expect(await samples('heart_rate')).toEqual([
      {
        recorded_at,
        ended_at: null,
        value: 63.25,
        min: 58,
        max: 71,
        unit: 'count/min',
        source: 'Ada’s Watch',
        grouping: 'minutes',
        context: null,
      },
    ]);
    expect(await samples('blood_pressure')).toMatchObject([
      { recorded_at, systolic: 118, diastolic: 76, pulse: null, unit: 'mmHg', source: 'Cuff' },
    ]);
    expect(await samples('blood_glucose')).toMatchObject([
      { value: expect.closeTo(5, 6), unit: 'mmol/L', context: 'Before Meal' },
    ]);
  });
});

describe('a large upload', () => {
  it.each([
    ['with its length', (body: string) => body, {}],
    ['in chunks, without its length', (body: string) => chunked(body), {}],
    ['compressed', (body: string) => gzipSync(body), { 'Content-Encoding': 'gzip' }],
  ])(
    '%s is archived as it is, goes through the queue, and is stored whole',
    async (name, send, headers) => {
      const ada = await test.newPerson();
      const text = large(name);
      const { status, body } = await test.post(ada, send(text), headers as Record<string, string>);
      expect(status).toBe(202);
      expect(body.data.status).toBe('queued');

      const receipt = await test.closed(ada, body.data.id);
      expect(receipt.status).toBe('stored');
      expect(receipt.slices.loaded).toBe(receipt.slices.total);
      expect(receipt.slices.total).toBeGreaterThan(1);
      expect(receipt.totals).toMatchObject({ received: 20_000, inserted: 20_000 });
      expect(receipt.sha256).toBe(createHash('sha256').update(text).digest('hex'));

      const [key = ''] = await test.archived(ada);
      expect(key).toMatch(new RegExp(`^raw/\\d{4}-\\d\\d-\\d\\dT\\d\\d/${ada.id}/${receipt.id}$`));
      const bucket = await test.archive();
      const object = await bucket.get(key);
      expect(gunzipSync((await object?.arrayBuffer()) ?? '').toString()).toBe(text);
      const values = (await test.rows(ada)).map(({ numbers }) => Number(numbers));
      expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
    },
  );
});

describe('the same upload again', () => {
  it('is answered with the first receipt, and archived once', async () => {
    const ada = await test.newPerson();
    const body = payload(steps(...minutes(5)));
    const first = await test.post(ada, body);
    const second = await test.post(ada, body);
    expect(second.status).toBe(200);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body.data).toEqual(first.body.data);
    expect(await test.archived(ada)).toHaveLength(1);
  });

  it('with other bytes changes nothing', async () => {
    const ada = await test.newPerson();
    await test.upload(ada, payload(steps(...minutes(5))));
    const receipt = await test.upload(ada, ` ${payload(steps(...minutes(5)))}`);
    expect(receipt.totals).toMatchObject({ inserted: 0, updated: 0, unchanged: 5 });
  });

  it('is known by its Idempotency-Key, which belongs to one body', async () => {
    const ada = await test.newPerson();
    const headers = { 'Idempotency-Key': 'monday' };
    const first = await test.post(ada, payload(steps(...minutes(5))), headers);
    const same = await test.post(ada, payload(steps(...minutes(5))), headers);
    const other = await test.post(ada, payload(steps(...minutes(6))), headers);
    expect(same.body.data.id).toBe(first.body.data.id);
    expect([other.status, other.body.error]).toEqual([422, 'idempotency_key_reused']);
    expect(await test.rows(ada)).toHaveLength(5);
    expect((await test.archived(ada)).filter((key) => key.startsWith('rejected/'))).toHaveLength(1);
  });
});

describe('later knowledge', () => {
  const value = async (...uploads: [qty: number, period?: string][]) => {
    const ada = await test.newPerson();
    for (const [qty, period] of uploads) {
      await test.upload(ada, payload(steps({ qty, date: AT })), {
        'automation-aggregation': 'Days',
        ...(period && { 'automation-period': period }),
      });
    }
    return (await test.rows(ada)).map(({ numbers }) => Number(numbers));
  };

  it('replaces what was stored', async () => {
    expect(await value([8], [11], [10])).toEqual([10]);
  });

  it('raises a bucket of which only a part is sent, but never shrinks it', async () => {
    expect(await value([8], [3, 'Since Last Sync'])).toEqual([8]);
    expect(await value([8], [9, 'sinceLastSync'])).toEqual([9]);
  });

  it('keeps days, hours and minutes of one metric apart', async () => {
    const ada = await test.newPerson();
    for (const grouping of ['Days', 'Hours', 'minutes', '']) {
      await test.upload(
        ada,
        ` ${grouping}${payload(steps({ qty: 1, date: AT }))}`.replace(grouping, ''),
        {
          'automation-aggregation': grouping,
          'Idempotency-Key': `with ${grouping}`,
        },
      );
    }
    const rows = await test.rows(ada);
    expect(rows.map(({ grouping }) => grouping)).toEqual(['days', 'hours', 'minutes', 'unknown']);
  });
});

describe('receipts', () => {
  it('page by page, newest first, are all there', async () => {
    const ada = await test.newPerson();
    const ids: string[] = [];
    for (let i = 1; i <= 5; i++)
      ids.push((await test.upload(ada, payload(steps(...minutes(i))))).id);

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path = `/api/v1/ingestions?limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await test.call(path, ada.keys.read);
      seen.push(...(body.data as unknown as { id: string }[]).map(({ id }) => id));
      cursor = body.pagination?.next_cursor ?? null;
    }
    expect(seen).toEqual(ids.toReversed());
  });

  it('are for their person alone, and a phone sees only its own', async () => {
    const [ada, bob] = [await test.newPerson(), await test.newPerson()];
    const { id } = await test.upload(ada, payload(steps(...minutes(1))));
    const otherPhone = await test.newKey(ada.id, 'ing');
    const statusFor = async (key: string) =>
      (await test.call(`/api/v1/ingestions/${id}`, key)).status;
    expect(await statusFor(ada.keys.ing)).toBe(200);
    expect(await statusFor(ada.keys.read)).toBe(200);
    expect(await statusFor(otherPhone)).toBe(404);
    expect(await statusFor(bob.keys.read)).toBe(404);
  });

  it.each([
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '01a1fb65-8069-739b-9aab-32da91502a4b',
  ])('that were never given are not found: %s', async (id) => {
    const ada = await test.newPerson();
    expect((await test.call(`/api/v1/ingestions/${id}`, ada.keys.read)).status).toBe(404);
  });
});

describe('metrics', () => {
  it('are the catalogue, and for a reader also what this person has', async () => {
    const ada = await test.newPerson();
    await test.upload(
      ada,
      payload(steps(...minutes(3)), metric('Mood Ring', 'hue', [{ qty: 1, date: AT }])),
    );
    const list = async (key: string) =>
      (await test.call('/api/v1/metrics', key)).body.data as unknown as (Metric & {
        has?: object;
      })[];
    const known = await list(ada.keys.ing);
    expect(known).toHaveLength(117);
    expect(known[0]).not.toHaveProperty('has');

    const mine = await list(ada.keys.read);
    expect(mine.find(({ name }) => name === 'step_count')?.has).toEqual({
      units: ['count'],
      sources: ['Watch'],
      first: '2026-03-01T00:00:00.000Z',
      last: '2026-03-01T00:02:00.000Z',
    });
    expect(mine.at(-1)).toMatchObject({ name: 'mood_ring', unit: 'hue', kind: 'unknown' });
  });

  it('know of nights, and not of what is inside workouts', async () => {
    const ada = await test.newPerson();
    const heartRateData = [{ date: AT, qty: 120, units: 'bpm' }];
    await test.upload(
      ada,
      JSON.stringify({
        data: {
          metrics: [metric('sleep_analysis', 'hr', [{ date: AT, totalSleep: 7 }])],
          workouts: [{ id: 'A', start: AT, heartRateData }],
        },
      }),
    );
    const { body } = await test.call('/api/v1/metrics', ada.keys.read);
    const had = (body.data as unknown as { name: string; has?: object }[]).filter(({ has }) => has);
    expect(had).toMatchObject([
      { name: 'sleep_analysis', has: { first: '2026-03-02T06:41:00.000Z' } },
    ]);
  });

  it('give their samples page by page, each once, in the span that was asked for', async () => {
    const ada = await test.newPerson();
    await test.upload(ada, payload(steps(...minutes(25, 'Watch'), ...minutes(25, 'iPhone'))));
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 20; pages++) {
      const span = 'from=2026-03-01T00:05:00Z&to=2026-03-01T00:20:00Z';
      const path = `/api/v1/metrics/Steps/samples?limit=7&${span}${cursor && `&cursor=${cursor}`}`;
      const { body } = await test.call(path, ada.keys.read);
      const samples = body.data as unknown as SampleOnTheWire[];
      seen.push(...samples.map(({ recorded_at, source }) => `${recorded_at} ${source}`));
      if (!body.pagination?.has_next) break;
      cursor = body.pagination.next_cursor ?? '';
    }
    expect(seen).toHaveLength(30);
    expect(new Set(seen).size).toBe(30);
    expect(seen.map((each) => each.slice(0, 24))).toEqual(
      seen.map((each) => each.slice(0, 24)).toSorted(),
    );
  });

  it.each(['from', 'to'])('take any instant of the calendar for %s', async (name) => {
    const ada = await test.newPerson();
    const path = `/api/v1/metrics/steps/samples?${name}=9999-12-31T23:59:59-12:00`;
    expect((await test.call(path, ada.keys.read)).status).toBeLessThan(500);
  });

  it.each([
    ['from=yesterday', 'from'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['cursor=abc', 'cursor'],
    [`cursor=${btoa('[1,"x"]')}`, 'cursor'],
    ['from=0000-01-01T00:00:00Z', 'from'],
  ])('say which parameter is wrong: %s', async (query, pointer) => {
    const ada = await test.newPerson();
    const { status, body } = await test.call(
      `/api/v1/metrics/steps/samples?${query}`,
      ada.keys.read,
    );
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.pointer)).toEqual([pointer]);
  });
});

describe('every answer', () => {
  it('carries the correlation id it was sent, or one of its own', async () => {
    const ada = await test.newPerson();
    const given = await test.call('/api/v1/metrics', ada.keys.ing, {
      headers: { 'X-Correlation-Id': 'abc-1' },
    });
    expect(given.body.correlation_id).toBe('abc-1');
    expect(given.headers.get('x-correlation-id')).toBe('abc-1');
    const unsafe = await test.call('/api/v1/metrics', null, {
      headers: { 'X-Correlation-Id': 'a b' },
    });
    expect(unsafe.body.correlation_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('that is a success has the same envelope', async () => {
    const ada = await test.newPerson();
    const { headers, body } = await test.call('/api/v1/ingestions', ada.keys.read);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toEqual({
      success: true,
      data: [],
      pagination: { limit: 20, has_next: false, next_cursor: null, next: null },
      correlation_id: headers.get('x-correlation-id'),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it('that refuses is a problem document', async () => {
    const { status, headers, body } = await test.call('/nowhere', null);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({
      status: 404,
      title: expect.any(String),
      success: false,
      error: 'not_found',
    });
  });

  it('to the wrong method names the right one', async () => {
    const { status, headers } = await test.call('/api/v1/sync', null);
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('health', () => {
  it('is well when everything is', async () => {
    const { status, body } = await test.call('/health', null);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'healthy', database: 'connected', cache: 'connected' });
  });

  it.each(['/live', '/ready', '/health/live', '/health/ready'])('%s answers', async (path) => {
    expect((await test.call(path, null)).status).toBe(200);
  });

  it('tells which part is away, and lets a database sleep until somebody needs it', async () => {
    const person = await test.newPerson();
    await test.call('/api/v1/ingestions', person.keys.read);
    test.stack.database.pause();
    test.stack.redis.pause();
    // What was found last is told for ten seconds.
    let unaware = await test.call('/health', null);
    for (
      const end = Date.now() + 30_000;
      Date.now() < end && 'cache' in unaware.body && unaware.body.cache === 'connected';
    ) {
      unaware = await test.call('/health', null);
    }
    expect(unaware.body).toMatchObject({ status: 'degraded', cache: 'disconnected' });
    await test.call('/api/v1/ingestions', person.keys.read);
    const { status, body } = await test.call('/health', null);
    test.stack.database.resume();
    test.stack.redis.resume();
    expect(status).toBe(503);
    expect(body).toMatchObject({
      status: 'unhealthy',
      database: 'disconnected',
      cache: 'disconnected',
    });
  });
});
