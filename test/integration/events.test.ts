import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, askAll, askFor } from './support/ask.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Questions about symptoms, doses and whatever else happens once. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

const symptom = (name: string, at: string, rest: object = {}) => ({
  name,
  start: `2026-03-${at}:00:00 +0000`,
  end: `2026-03-${at}:30:00 +0000`,
  severity: 'Mild',
  userEntered: true,
  source: 'Health',
  ...rest,
});

const DOSE = {
  displayText: 'Syrup',
  start: '2026-03-02 21:00:00 +0000',
  scheduledDate: '2026-03-02 21:00:00 +0000',
  status: 'Taken',
  dosage: 5,
  units: 'mL',
};

async function personWith(data: object): Promise<Person> {
  const person = await test.newPerson();
  await test.upload(person, JSON.stringify({ data }));
  return person;
}

const FOUR = {
  symptoms: [
    symptom('Headache', '03 10'),
    symptom('Kopfschmerzen', '02 10'),
    symptom('Hiccups', '04 10'),
  ],
  medications: [DOSE],
};

it('an event has what the app wrote, and what that means', async () => {
  const person = await personWith({ symptoms: [symptom('Kopfschmerzen', '02 10')] });
  const { rows } = await ask(test, person, '/api/v1/events');
  expect(rows).toEqual([
    {
      id: expect.stringMatching(/^1772445600000-[0-9a-f]{32}$/),
      kind: 'symptom',
      started_at: '2026-03-02T10:00:00.000Z',
      ended_at: '2026-03-02T10:30:00.000Z',
      name: 'Kopfschmerzen',
      code: 'headache',
      value: 'Mild',
      value_code: 'mild',
      quantity: null,
      source: 'Health',
      attributes: { userEntered: true },
    },
  ]);
  const one = await ask(test, person, `/api/v1/events/${rows[0]?.id}`);
  expect(one.rows).toEqual(rows);
});

it.each([
  ['', ['Kopfschmerzen', 'Syrup', 'Headache', 'Hiccups']],
  ['kind=medication', ['Syrup']],
  ['code=headache', ['Kopfschmerzen', 'Headache']],
  ['name=HEADACHE', ['Headache']],
  ['from=2026-03-02T21:00:00Z&to=2026-03-04T10:00:00Z', ['Syrup', 'Headache']],
  ['kind=cycle_tracking', []],
])('the list for %s', async (query, expected) => {
  const person = await personWith(FOUR);
  const { rows } = await ask(test, person, `/api/v1/events?${query}`);
  expect(rows.map(({ name }) => name)).toEqual(expected);
});

it('the list comes in pages that lead through all once, also where several began at once', async () => {
  const names = ['Headache', 'Fever', 'Chills', 'Nausea', 'Cough'];
  const person = await personWith({ symptoms: names.map((name) => symptom(name, '02 10')) });
  const pages = await askAll(test, person, '/api/v1/events?limit=2');
  expect(pages.map(({ rows }) => rows.length)).toEqual([2, 2, 1]);
  expect(pages.flatMap(({ rows }) => rows.map(({ name }) => name)).toSorted()).toEqual(
    names.toSorted(),
  );
});

it('a table has the attributes in one cell, lines have them as they are', async () => {
  const person = await personWith({ symptoms: [symptom('Headache', '02 10')] });
  const csv = await askFor(test, person, '/api/v1/events', 'text/csv');
  expect(csv.text).toContain('"{""userEntered"":true}"');
  const lines = await askFor(test, person, '/api/v1/events', 'application/x-ndjson');
  expect(JSON.parse(lines.text)).toMatchObject({ attributes: { userEntered: true } });
});

it("another's event is not there", async () => {
  const person = await personWith(FOUR);
  const { rows } = await ask(test, person, '/api/v1/events');
  const other = await personWith({ symptoms: [symptom('Hiccups', '04 10')] });
  expect((await ask(test, other, `/api/v1/events/${rows[1]?.id}`)).status).toBe(404);
  expect((await ask(test, person, `/api/v1/events/${rows[1]?.id}`)).status).toBe(200);
});

it.each([
  ['/abc', 400],
  ['/1-00000000000000000000000000000000', 404],
  ['?kind=mood', 400],
  ['?from=yesterday', 400],
  ['?cursor=abc', 400],
])('%s answers %i', async (path, status) => {
  const person = await test.newPerson();
  expect((await ask(test, person, `/api/v1/events${path}`)).status).toBe(status);
});
