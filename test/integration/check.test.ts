import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/model.ts';
import { AT, minutes, payload, steps } from './support/payloads.ts';
import { accounts } from './support/receipts.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** The dry run. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ SLICE_BYTES: '2000', MAX_CHECK_BYTES: '100000' });
});
afterAll(() => test.stack.stop());

const check = (person: Person, body: string) =>
  test.call('/api/v1/check', person.keys.ing, { method: 'POST', body });

it('answers with the receipt that the payload would get, and stores nothing', async () => {
  const ada = await test.newPerson();
  await test.upload(ada, payload(steps({ qty: 1, date: AT })));
  const rows = await test.rows(ada);
  const body = payload(
    steps({ qty: 2, date: AT }, { qty: 5, date: '2031-03-02 07:41:00 +0100' }),
    steps({ qty: 3, date: '2026-03-02 07:42:00 +0100', mood: 'fine' }),
  );
  const answer = await check(ada, body);
  expect(answer.status).toBe(200);
  expect(answer.body.data).toMatchObject({
    status: 'stored_with_issues',
    totals: { received: 3, inserted: 1, updated: 1, unchanged: 0, set_aside: 1 },
    unknown_fields: { metrics: { mood: 1 } },
    issues: [{ pointer: '/data/metrics/0/data/1', code: 'implausible_date' }],
  });
  expect(await test.rows(ada)).toEqual(rows);
  expect(await test.archived(ada)).toHaveLength(1);
  expect(await test.receipts(ada)).toBe(1);

  const real = await test.upload(ada, body);
  expect(real.totals).toEqual(answer.body.data.totals);
  expect(real.metrics).toEqual(answer.body.data.metrics);
});

it('counts a payload of several slices as a whole', async () => {
  const ada = await test.newPerson();
  const { body } = await check(ada, payload(steps(...minutes(500))));
  expect(body.data.slices.total).toBeGreaterThan(3);
  expect(body.data.totals).toMatchObject({ received: 500, inserted: 500 });
  expect(accounts(body.data)).toBe(true);
  expect(await test.rows(ada)).toEqual([]);
});

it('refuses what an upload would be refused for', async () => {
  const ada = await test.newPerson();
  expect((await check(ada, '{"data":')).body.error).toBe('invalid_json');
  expect((await check(ada, '{}')).body.error).toBe('no_payload');
});

it('is for payloads of a size that one transaction can hold', async () => {
  const ada = await test.newPerson();
  const { status, body } = await check(ada, payload(steps(...minutes(5_000))));
  expect([status, body.error]).toEqual([413, 'body_too_large']);
});

const partitions = async (): Promise<number> => {
  const [row] = await test.stack.query('select count(*) as n from partition_report');
  return Number(row?.n);
};

/** What a dry run promises of the receipt to come. */
const promised = ({ status, totals, metrics, unknown_fields, issues, issues_total }: Receipt) => ({
  status,
  totals,
  metrics,
  unknown_fields,
  issues: issues.map(({ pointer, code }) => `${pointer} ${code}`).sort(),
  issues_total,
});

/** An upload of the same items that is another body. */
const again = (body: string): string => `${body.trimEnd()} \n`;

const folder = join(import.meta.dirname, '../corpus');
const corpus = globSync('*.json', { cwd: folder })
  .filter((file) => !file.endsWith('.expected.json'))
  .sort();

describe('the receipt of a dry run', () => {
  it.each(corpus)('of %s is that of the upload, first and again', async (file) => {
    const ada = await test.newPerson();
    const body = readFileSync(join(folder, file), 'utf8');
    for (const each of [body, again(body)]) {
      const foretold = promised((await check(ada, each)).body.data);
      expect(promised(await test.upload(ada, each))).toEqual(foretold);
    }
  });

  it('of months that have no partition is that of the upload, and makes none', async () => {
    const ada = await test.newPerson();
    const weights = (count: number, qty: number) =>
      payload({
        name: 'weight',
        units: 'kg',
        data: Array.from({ length: count }, (_, i) => ({
          qty: qty + i,
          date: `${new Date(Date.UTC(1971, i, 3)).toISOString().slice(0, 10)} 08:00:00 +0000`,
        })),
      });
    const before = await partitions();
    const foretold = promised((await check(ada, weights(640, 50))).body.data);
    expect(foretold.totals).toMatchObject({ received: 640, inserted: 640 });
    expect(await partitions()).toBe(before);
    expect(promised(await test.upload(ada, weights(640, 50)))).toEqual(foretold);
    const corrected = promised((await check(ada, weights(660, 51))).body.data);
    expect(corrected.totals).toMatchObject({ inserted: 20, updated: 640 });
    expect(promised(await test.upload(ada, weights(660, 51)))).toEqual(corrected);
  });

  it('counts a row that two slices bring, of a month without partition, as new once', async () => {
    const ada = await test.newPerson();
    const old = (qty: number, day: number) => ({
      qty,
      date: `1975-02-${String(day).padStart(2, '0')} 08:00:00 +0000`,
    });
    await test.stack.query('drop table if exists blood_pressure_before_2014');
    const readings = (from: number) =>
      Array.from({ length: 28 }, (_, i) => ({
        ...old(0, i + 1),
        qty: undefined,
        systolic: from,
        diastolic: 80,
      }));
    const body = payload(
      { name: 'blood_pressure', units: 'mmHg', data: readings(120) },
      { name: 'blood_pressure', units: 'mmHg', data: readings(120) },
    );
    const { data } = (await check(ada, body)).body;
    expect(data.slices.total).toBeGreaterThan(1);
    expect(data.totals).toMatchObject({ received: 56, inserted: 28, unchanged: 28 });
    expect((await test.upload(ada, body)).totals).toEqual(data.totals);
  });

  const moved = (start: string, mood: string) =>
    JSON.stringify({
      data: {
        workouts: [
          {
            id: 'W',
            name: 'Outdoor Walk',
            start,
            end: start.replace(':00:00', ':30:00'),
            duration: 1800,
          },
        ],
        stateOfMind: [{ id: 'M', start, end: start, kind: mood, valence: 0.5 }],
      },
    });

  it('of a workout and an event that move into months without partition, and back, is that of the upload', async () => {
    const ada = await test.newPerson();
    const [now, old] = ['2026-03-02 08:00:00 +0000', '1976-04-02 08:00:00 +0000'];
    const expected = [
      [moved(now, 'momentary_emotion'), { inserted: 2 }],
      [moved(old, 'momentary_emotion'), { inserted: 0, updated: 2 }],
      [moved(old, 'daily_mood'), { inserted: 0, updated: 1, unchanged: 1 }],
      [moved(now, 'daily_mood'), { inserted: 0, updated: 2 }],
    ] as const;
    await test.stack.query('drop table if exists workouts_before_2014, events_before_2014');
    for (const [body, totals] of expected) {
      const foretold = promised((await check(ada, body)).body.data);
      expect(foretold.totals).toMatchObject(totals);
      expect(promised(await test.upload(ada, body))).toEqual(foretold);
    }
  });

  // Slices are loaded in any order: the halves of a reading are what comes to the same in each.
  it('counts a row that a later slice adds to as the upload does', async () => {
    const ada = await test.newPerson();
    await test.stack.query('drop table if exists blood_pressure_before_2014');
    const halves = (name: string) => ({
      name,
      units: 'mmHg',
      data: Array.from({ length: 28 }, (_, i) => ({
        date: `1975-02-${String(i + 1).padStart(2, '0')} 08:00:00 +0000`,
        qty: 80 + i,
      })),
    });
    const body = payload(halves('blood_pressure_systolic'), halves('blood_pressure_diastolic'));
    const foretold = promised((await check(ada, body)).body.data);
    expect(foretold.totals).toMatchObject({ received: 56, inserted: 28 });
    expect(foretold.totals.updated).toBeGreaterThan(0);
    expect(promised(await test.upload(ada, body))).toEqual(foretold);
  });
});
