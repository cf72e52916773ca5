import { afterAll, beforeAll, expect, it } from 'vitest';
import { AT, minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** `POST /api/data`: what the app's own server answers, so that its users change one URL. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

async function post(person: Person, body: string) {
  const response = await fetch(`${test.stack.url}/api/data`, {
    method: 'POST',
    headers: { 'api-key': person.keys.ing, 'Content-Type': 'application/json' },
    body,
  });
  return { status: response.status, answer: await response.json() };
}

const WORKOUT = { id: 'A', name: 'Walking', start: AT, duration: 60 };

it('200 and a message for each section, if all is stored', async () => {
  const ada = await test.newPerson();
  const body = { data: { metrics: [steps({ qty: 1, date: AT })], workouts: [WORKOUT] } };
  expect(await post(ada, JSON.stringify(body))).toEqual({
    status: 200,
    answer: {
      metrics: { success: true, message: '1 metrics saved successfully' },
      workouts: { success: true, message: '1 workouts saved successfully' },
    },
  });
  expect(await test.rows(ada)).toHaveLength(2);
});

it('a section that is not there is a success that says so', async () => {
  const ada = await test.newPerson();
  expect(await post(ada, payload(steps({ qty: 1, date: AT })))).toMatchObject({
    status: 200,
    answer: { workouts: { success: true, error: 'No workouts data provided' } },
  });
});

it('207 if something was left out', async () => {
  const ada = await test.newPerson();
  const { status, answer } = await post(ada, payload(steps({ qty: 1, date: AT }, { qty: 2 })));
  expect(status).toBe(207);
  expect(answer).toMatchObject({ metrics: { success: true } });
});

it('500 if nothing at all could be stored', async () => {
  const ada = await test.newPerson();
  const body = { data: { metrics: [steps({ qty: 1 })], workouts: [{}] } };
  expect(await post(ada, JSON.stringify(body))).toMatchObject({
    status: 500,
    answer: { metrics: { success: false }, workouts: { success: false } },
  });
});

it('200 for a large body that is on its way', async () => {
  const ada = await test.newPerson();
  const { status, answer } = await post(ada, payload(steps(...minutes(20_000))));
  expect(status).toBe(200);
  expect(answer).toMatchObject({ metrics: { success: true } });
});

it('401 with an error for a key that is none', async () => {
  const response = await fetch(`${test.stack.url}/api/data`, {
    method: 'POST',
    headers: { 'api-key': 'sk-wrong' },
    body: '{"data":{}}',
  });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: 'key_malformed' });
});
