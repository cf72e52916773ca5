import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ecgRowSchema, ecgSchema } from '../../src/read/ecg.ts';
import { eventSchema } from '../../src/read/events.ts';
import { routeFeatureSchema } from '../../src/read/geojson.ts';
import { nightWithStagesSchema } from '../../src/read/night.ts';
import { routeRowSchema } from '../../src/read/routes.ts';
import { nightSchema } from '../../src/read/sleep.ts';
import { workoutSchema } from '../../src/read/workout.ts';
import { workoutPointSchema } from '../../src/read/workout-series.ts';
import { workoutRowSchema } from '../../src/read/workouts.ts';
import { ask, askFor } from './support/ask.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Questions about records are answered as their schemas say, whatever the app has sent. */

const CORPUS = [
  'sleep-night-2021',
  'sleep-night-6-6-1',
  'sleep-night-current',
  'sleep-night-odd',
  'sleep-segments',
  'sleep-segments-localised',
  'workout-v1',
  'workout-v2',
  'workout-localised',
  'ecg',
  'symptoms',
  'medications',
  'state-of-mind',
  'cycle-tracking',
  'heart-rate-notifications',
  'metrics-sexual-activity',
];

let test: TestStack;
let person: Person;
beforeAll(async () => {
  test = await startTestStack();
  person = await test.newPerson();
  for (const name of CORPUS) {
    const file = join(import.meta.dirname, `../corpus/${name}.json`);
    await test.upload(person, readFileSync(file, 'utf8'));
  }
});
afterAll(() => test.stack.stop());

const idsOf = async (list: string, id = 'id'): Promise<string[]> => {
  const { rows } = await ask(test, person, list);
  expect(rows.length).toBeGreaterThan(0);
  return rows.map((row) => String(row[id]));
};

const EVERYWHERE = '/api/v1/routes?bbox=-180,-90,180,90';

it.each([
  ['/api/v1/sleep', nightSchema],
  ['/api/v1/workouts', workoutRowSchema],
  [EVERYWHERE, routeRowSchema],
  ['/api/v1/ecg', ecgRowSchema],
  ['/api/v1/events', eventSchema],
])('%s, row by row', async (list, schema) => {
  const { rows } = await ask(test, person, list);
  expect(rows.length).toBeGreaterThan(0);
  expect(z.array(schema.strict()).safeParse(rows).error).toBeUndefined();
});

it.each([
  ['/api/v1/sleep', nightWithStagesSchema],
  ['/api/v1/workouts', workoutSchema],
  ['/api/v1/ecg', ecgSchema],
  ['/api/v1/events', eventSchema],
])('each of %s by its id', async (list, schema) => {
  for (const id of await idsOf(list)) {
    const { rows } = await ask(test, person, `${list}/${id}`);
    expect(schema.strict().safeParse(rows[0]).error).toBeUndefined();
    expect(rows[0]?.id).toBe(id);
  }
});

it('each route, and the series of its workout', async () => {
  for (const id of await idsOf(EVERYWHERE, 'workout_id')) {
    const path = `/api/v1/workouts/${id}`;
    const { text } = await askFor(test, person, `${path}/route`, 'application/geo+json');
    expect(routeFeatureSchema.strict().safeParse(JSON.parse(text)).error).toBeUndefined();
    const { rows } = await ask(test, person, path);
    for (const { metric } of workoutSchema.parse(rows[0]).series) {
      const points = await ask(test, person, `${path}/series/${metric}`);
      expect(z.array(workoutPointSchema.strict()).safeParse(points.rows).error).toBeUndefined();
    }
  }
});
