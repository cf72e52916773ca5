import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { exampleBody } from '../../../local/demo/example.ts';
import { type Body, pointKeys, pointsOf } from './bodies.ts';

const file = fileURLToPath(new URL('../../../examples/health-auto-export.json', import.meta.url));
const text = await readFile(file, 'utf8');
const body: Body = JSON.parse(text);

it('is what the generator makes', async () => {
  // `vitest --update` writes it anew.
  await expect(exampleBody()).toMatchFileSnapshot(file);
});

it('is small enough to be read, with some forty metrics', () => {
  expect(Buffer.byteLength(text)).toBeGreaterThan(30_000);
  expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  expect(body.data.metrics?.length).toBeGreaterThanOrEqual(40);
  expect(body.data.metrics?.filter(({ data }) => data.length === 0)).toEqual([]);
});

it('shows each shape of a point once at least', () => {
  const shapes = new Set(pointsOf(body).map(({ point }) => Object.keys(point).join()));
  for (const shape of [
    'qty,date,source',
    'Min,Avg,Max,date,source',
    'systolic,diastolic,date,source',
    'qty,mealTime,date,source',
    'qty,reason,date,source',
    'qty,value,date,source',
  ]) {
    expect(shapes).toContain(shape);
  }
});

it('has something of all eight sections', () => {
  expect(Object.keys(body.data).toSorted()).toEqual([
    'cycleTracking',
    'ecg',
    'heartRateNotifications',
    'medications',
    'metrics',
    'stateOfMind',
    'symptoms',
    'workouts',
  ]);
});

it('has one night and one workout', () => {
  expect(pointsOf(body).filter(({ point }) => 'sleepEnd' in point)).toHaveLength(1);
  expect(body.data.workouts).toHaveLength(1);
});

it('covers two days and no point twice', () => {
  const days = new Set(pointsOf(body).map(({ point }) => `${point.date}`.slice(0, 10)));
  expect(days).toEqual(new Set(['2026-03-03', '2026-03-04']));
  const keys = pointKeys(body);
  expect(new Set(keys).size).toBe(keys.length);
});
