import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peakMemory } from '../../bench/memory.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { metric, minutes, payload } from '../integration/support/payloads.ts';
import { openClient } from './bed/client.ts';
import { createPerson, type Person } from './bed/people.ts';
import { type Postgres, startPostgres } from './bed/postgres.ts';

/** Many at once, and much at once, over the stack as it is: nothing fails, nothing is lost. */

const SECONDS = Number(process.env.LOAD_SECONDS ?? 60);
/** A body of some 30 KB. */
const POINTS = 470;
const KEYS = 1_000;
/** What an isolate may hold in production. */
const ISOLATE_MB = 128;

let postgres: Postgres;
let stack: Stack;
beforeAll(async () => {
  postgres = await startPostgres();
  stack = await startStack({
    dataDir: null,
    databaseUrl: postgres.url,
    redisUrl: process.env.TEST_REDIS_URL ?? null,
    inspectorPort: 0,
  });
});
afterAll(async () => {
  await stack?.stop();
  await postgres?.stop();
});

const inBatches = async <T>(count: number, make: () => Promise<T>): Promise<T[]> => {
  const made: T[] = [];
  while (made.length < count) made.push(...(await Promise.all(Array.from({ length: 20 }, make))));
  return made;
};

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;

async function samplesOf(people: readonly Person[]): Promise<number> {
  const [row] = await stack.query(
    `select count(*) as n from samples join series on series_id = id where user_id = any ($1::uuid[])`,
    [`{${people.map(({ id }) => id).join(',')}}`],
  );
  return Number(row?.n);
}

describe(`${SECONDS} seconds of bodies of 30 KB`, () => {
  it.each([
    [8, 8],
    [64, KEYS],
  ])('from %d clients with %d keys: no error, no lost sample', async (clients, keys) => {
    const client = openClient(stack.url);
    const people = await inBatches(keys, () => createPerson(stack.query));
    const took: number[] = [];
    const statuses = new Map<number, number>();
    const end = Date.now() + SECONDS * 1000;
    let posts = 0;
    const run = async () => {
      while (Date.now() < end) {
        const number = posts++;
        const person = people[number % people.length] as Person;
        const body = payload(metric('step_count', 'count', minutes(POINTS, `Watch ${number}`)));
        const started = performance.now();
        const { status } = await client.post(person, body);
        took.push(performance.now() - started);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: clients }, run));
    const sorted = took.toSorted((a, b) => a - b);
    console.log(`${clients} clients, ${keys} keys`, {
      posts: took.length,
      perSecond: Math.round(took.length / SECONDS),
      p50: Math.round(quantile(sorted, 0.5)),
      p95: Math.round(quantile(sorted, 0.95)),
      p99: Math.round(quantile(sorted, 0.99)),
    });
    expect([...statuses.keys()].filter((status) => status !== 200 && status !== 202)).toEqual([]);
    await untilClosed();
    expect(await samplesOf(people)).toBe(took.length * POINTS);
  });
});

async function untilClosed(): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    const [row] = await stack.query(
      'select count(*) as n from ingestions where completed_at is null',
    );
    if (row?.n === '0') return;
    await setTimeout(200);
  }
  throw new Error('Not all receipts close.');
}

describe('ten bodies of 50 MB at once', () => {
  const BODIES = 10;
  /** Several metrics, so that each stays within the year. */
  const METRICS = 6;
  const MINUTES = 137_000;

  it('are taken and stored by isolates that stay within their memory', async () => {
    const client = openClient(stack.url);
    const people = await inBatches(BODIES, () => createPerson(stack.query));
    const names = [
      'step_count',
      'time_in_daylight',
      'flights_climbed',
      'apple_exercise_time',
      'apple_stand_time',
      'vo2_max',
    ];
    const points = minutes(MINUTES).map((point) => ({ ...point, source: 'Watch' }));
    const body = payload(...names.slice(0, METRICS).map((name) => metric(name, 'count', points)));
    expect(body.length).toBeGreaterThan(50_000_000);
    let receipts: number[] = [];
    const consumer = { total: 0 };
    const looked = { stack, collects: true };
    const send = async () => {
      const answers = await Promise.all(
        people.slice(0, BODIES).map((person) => client.post(person, body)),
      );
      receipts = answers.map(({ status }) => status);
      await untilClosed();
    };
    const api = await peakMemory({ ...looked, worker: 'api' }, async () => {
      Object.assign(consumer, await peakMemory({ ...looked, worker: 'consumer' }, send));
    });
    console.log('ten bodies of 50 MB', {
      megabytes: Math.round((body.length * BODIES) / 1_000_000),
      api: Math.round(api.total),
      consumer: Math.round(consumer.total),
    });
    expect(receipts).toEqual(Array(BODIES).fill(202));
    expect(await samplesOf(people.slice(0, BODIES))).toBe(BODIES * METRICS * MINUTES);
    expect(api.total).toBeLessThan(ISOLATE_MB);
    expect(consumer.total).toBeLessThan(ISOLATE_MB);
  });
});
