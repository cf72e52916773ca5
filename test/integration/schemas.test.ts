import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestStack, type TestStack } from './support/stack.ts';

/** What this server reads, published for everybody who writes such payloads. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

const SECTIONS = [
  'metrics',
  'workouts',
  'stateOfMind',
  'medications',
  'symptoms',
  'cycleTracking',
  'ecg',
  'heartRateNotifications',
];

const get = (path: string) => fetch(`${test.stack.url}${path}`);

it('lists the schema of the payload and of each of the eight sections', async () => {
  const answer = await get('/schemas');
  expect(Object.keys(await answer.json())).toEqual(['payload', ...SECTIONS]);
});

it.each(SECTIONS)('/schemas/%s describes an element of that section', async (section) => {
  const answer = await get(`/schemas/${section}`);
  expect(answer.headers.get('content-type')).toBe('application/schema+json');
  const schema = await answer.json();
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${test.stack.url}/schemas/${section}`,
    type: 'object',
  });
  expect(Object.keys(schema.properties).length).toBeGreaterThan(2);
});

it('the payload refers to them all', async () => {
  const schema = await (await get('/schemas/payload.json')).json();
  expect(Object.keys(schema.properties.data.properties)).toEqual(SECTIONS);
  expect(schema.properties.data.properties.ecg.items.$ref).toBe(`${test.stack.url}/schemas/ecg`);
});

it.each([
  ['workouts', 'workout-v1'],
  ['workouts', 'workout-v2'],
  ['metrics', 'metrics-range'],
  ['metrics', 'sleep-night-current'],
  ['metrics', 'sleep-segments'],
  ['ecg', 'ecg'],
  ['heartRateNotifications', 'heart-rate-notifications'],
  ['stateOfMind', 'state-of-mind'],
  ['medications', 'medications'],
  ['symptoms', 'symptoms'],
  ['cycleTracking', 'cycle-tracking'],
])('the schema of %s accepts the payload %s', async (section, file) => {
  const schema = z.fromJSONSchema(await (await get(`/schemas/${section}`)).json());
  const body = JSON.parse(
    readFileSync(join(import.meta.dirname, '../corpus', `${file}.json`), 'utf8'),
  );
  for (const element of body.data[section]) expect(schema.safeParse(element).error).toBeUndefined();
});

it('the schema of workouts does not accept what is none', async () => {
  const schema = z.fromJSONSchema(await (await get('/schemas/workouts')).json());
  expect(schema.safeParse({ name: 5, start: {} }).success).toBe(false);
});

it('says which there are where there is none', async () => {
  const answer = await get('/schemas/nonsense');
  expect(answer.status).toBe(404);
  expect((await answer.json()).detail).toContain('heartRateNotifications');
});
