import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, askAll, askFor } from './support/ask.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Questions about electrocardiograms. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

const recording = (day: string, rest: object = {}) => ({
  start: `2026-03-${day} 20:00:00 +0000`,
  end: `2026-03-${day} 20:00:30 +0000`,
  classification: 'Sinus Rhythm',
  averageHeartRate: 64,
  numberOfVoltageMeasurements: 3,
  samplingFrequency: 512,
  source: 'ECG',
  severity: 'none',
  voltageMeasurements: [12.5, -3.75, 0.1].map((voltage, i) => ({
    date: 1772481600 + i / 512,
    voltage,
    units: 'mcV',
  })),
  ...rest,
});

async function personWith(...ecg: object[]): Promise<Person> {
  const person = await test.newPerson();
  await test.upload(person, JSON.stringify({ data: { ecg } }));
  return person;
}

async function pathOf(person: Person): Promise<string> {
  const { rows } = await ask(test, person, '/api/v1/ecg');
  return `/api/v1/ecg/${rows[0]?.id}`;
}

it('the list has all but the voltages', async () => {
  const person = await personWith(recording('02'));
  const { rows } = await ask(test, person, '/api/v1/ecg');
  expect(rows).toEqual([
    {
      id: expect.stringMatching(/^\d+-1772481600000$/),
      started_at: '2026-03-02T20:00:00.000Z',
      ended_at: '2026-03-02T20:00:30.000Z',
      classification: 'Sinus Rhythm',
      class: 'sinus_rhythm',
      average_heart_rate: 64,
      sampling_frequency: 512,
      announced: 3,
      points: 3,
      source: 'ECG',
    },
  ]);
});

it('the list is one of a span, in pages, oldest first', async () => {
  const person = await personWith(recording('04'), recording('02'), recording('03'));
  const starts = (rows: Record<string, unknown>[]) =>
    rows.map(({ started_at }) => String(started_at).slice(8, 10));
  const pages = await askAll(test, person, '/api/v1/ecg?limit=2');
  expect(pages.map(({ rows }) => starts(rows))).toEqual([['02', '03'], ['04']]);
  const span = 'from=2026-03-02T20:00:01Z&to=2026-03-04T20:00:00Z';
  expect(starts((await ask(test, person, `/api/v1/ecg?${span}`)).rows)).toEqual(['03']);
});

it('one has its voltages in microvolt', async () => {
  const person = await personWith(recording('02'));
  const { rows } = await ask(test, person, await pathOf(person));
  expect(rows).toMatchObject([
    { class: 'sinus_rhythm', voltages: [12.5, -3.75, 0.1], attributes: { severity: 'none' } },
  ]);
});

it('one comes as a table of voltages by the time since the start', async () => {
  const person = await personWith(recording('02'));
  const { text } = await askFor(test, person, await pathOf(person), 'text/csv');
  expect(text).toBe('offset_ms,microvolt\r\n0,12.5\r\n1.953,-3.75\r\n3.906,0.1\r\n');
});

it('one whose frequency nobody knows has no times', async () => {
  const person = await personWith(
    recording('02', { samplingFrequency: null, voltageMeasurements: [{ voltage: 5 }] }),
  );
  const { text } = await askFor(test, person, await pathOf(person), 'application/x-ndjson');
  expect(text).toBe('{"offset_ms":null,"microvolt":5}\n');
});

it("another's is not there", async () => {
  const person = await personWith(recording('02'));
  const path = await pathOf(person);
  expect((await ask(test, await test.newPerson(), path)).status).toBe(404);
  expect((await ask(test, person, path)).status).toBe(200);
});

it.each([
  ['/abc', 400],
  ['/1-1', 404],
  ['?from=yesterday', 400],
  ['?cursor=abc', 400],
])('%s answers %i', async (path, status) => {
  const person = await test.newPerson();
  expect((await ask(test, person, `/api/v1/ecg${path}`)).status).toBe(status);
});
