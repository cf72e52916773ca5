import { createExecutionContext, env } from 'cloudflare:test';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { OPERATIONS } from '../../src/routes/index.ts';

/**
 * How often each kind of request goes to a server, and how often it waits for one: trips that go at the same time are one
 * wait. What goes on behind an answer does not count.
 */

const { ada, neon, redis } = inject('servers');

type Server = 'database' | 'redis' | 'archive';
interface Trip {
  server: Server;
  /** Steps of a counter, not of the clock: a trip that begins before another ends goes beside it. */
  began: number;
  ended: number;
}

let step = 0;
let trips: Trip[] = [];

/** Long enough for all that is sent at the same time to be under way. */
const TRIP_MS = 30;

async function travel<T>(server: Server, work: () => Promise<T>): Promise<T> {
  const trip = { server, began: ++step, ended: Number.POSITIVE_INFINITY };
  trips.push(trip);
  await scheduler.wait(TRIP_MS);
  try {
    return await work();
  } finally {
    trip.ended = ++step;
  }
}

const realFetch = globalThis.fetch;
beforeAll(() => {
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const server = url.startsWith(redis) ? 'redis' : url.startsWith(neon) ? 'database' : null;
    return server === null ? realFetch(input, init) : travel(server, () => realFetch(input, init));
  };
});
afterAll(() => {
  globalThis.fetch = realFetch;
});

/** An archive each of whose calls is a trip. */
const archive = new Proxy(env.RAW, {
  get(bucket, name) {
    const method: unknown = Reflect.get(bucket, name);
    if (typeof method !== 'function') return method;
    return (...args: unknown[]) =>
      travel('archive', async () => Reflect.apply(method, bucket, args));
  },
});
const ENV: Env = { ...env, RAW: archive, NEON_ENDPOINT: neon, UPSTASH_REDIS_REST_URL: redis };
const app = createApp(OPERATIONS);

const ask = async (path: string, key: string, body?: string): Promise<Response> => {
  const init = {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'CF-Connecting-IP': '192.0.2.1',
      // As the app sends it; a body in chunks is charged once more when it is over.
      ...(body === undefined ? {} : { 'Content-Length': String(body.length) }),
    },
    ...(body === undefined ? {} : { body }),
  };
  const request = new Request(`https://self-sensored.test${path}`, init);
  // Not waited for: what goes on behind an answer gathers counters for ten seconds.
  const answer = await app.fetch(request, ENV, createExecutionContext());
  await answer.text();
  return answer;
};

/** Of trips, the longest row in which each begins after the one before has ended. */
function waitsOf(all: readonly Trip[]): number {
  const waits = new Map<Trip, number>();
  for (const trip of all.toSorted((a, b) => a.began - b.began)) {
    const before = [...waits].filter(([{ ended }]) => ended < trip.began).map(([, n]) => n);
    waits.set(trip, Math.max(0, ...before) + 1);
  }
  return Math.max(0, ...waits.values());
}

interface Cost {
  database: number;
  redis: number;
  archive: number;
  waits: number;
  afterArchive: number;
}

async function costOf(work: () => Promise<Response>): Promise<Cost> {
  trips = [];
  const { status } = await work();
  expect(status).toBeLessThan(300);
  const all = trips.filter(({ ended }) => Number.isFinite(ended));
  const of = (server: Server) => all.filter((trip) => trip.server === server).length;
  const archived = Math.max(0, ...all.filter((t) => t.server === 'archive').map((t) => t.ended));
  return {
    database: of('database'),
    redis: of('redis'),
    archive: of('archive'),
    waits: waitsOf(all),
    afterArchive: archived === 0 ? 0 : waitsOf(all.filter(({ began }) => began > archived)),
  };
}

const hourly = (hour: number): string =>
  JSON.stringify({
    data: {
      metrics: [
        {
          name: 'step_count',
          units: 'count',
          data: [{ qty: hour, date: `2026-03-02 ${10 + hour}:00:00 +0000`, source: 'Watch' }],
        },
      ],
    },
  });

/** What each kind may cost at most. Keys are known to the isolate. */
const TABLE: Readonly<Record<string, [work: () => Promise<Response>, most: Cost]>> = {
  'a small upload': [
    () => ask('/api/v1/sync', ada.keys.ing, hourly(1)),
    { database: 2, redis: 1, archive: 1, waits: 4, afterArchive: 2 },
  ],
  'the same body again': [
    () => ask('/api/v1/sync', ada.keys.ing, hourly(0)),
    { database: 2, redis: 1, archive: 2, waits: 5, afterArchive: 0 },
  ],
  'the samples of a metric': [
    () => ask('/api/v1/metrics/step_count/samples', ada.keys.read),
    { database: 1, redis: 1, archive: 0, waits: 1, afterArchive: 0 },
  ],
  'totals of days': [
    () => ask('/api/v1/metrics/step_count/daily?from=2026-03-01&to=2026-03-31', ada.keys.read),
    { database: 2, redis: 1, archive: 0, waits: 2, afterArchive: 0 },
  ],
  'a summary': [
    () => ask('/api/v1/summary', ada.keys.read),
    { database: 3, redis: 1, archive: 0, waits: 2, afterArchive: 0 },
  ],
  'a page of receipts': [
    () => ask('/api/v1/ingestions?limit=1', ada.keys.read),
    { database: 1, redis: 1, archive: 0, waits: 1, afterArchive: 0 },
  ],
  coverage: [
    () => ask('/api/v1/coverage', ada.keys.read),
    { database: 1, redis: 1, archive: 0, waits: 1, afterArchive: 0 },
  ],
  health: [
    () => ask('/health', ada.keys.read),
    { database: 0, redis: 1, archive: 1, waits: 1, afterArchive: 0 },
  ],
};

describe('round trips', () => {
  beforeAll(async () => {
    await ask('/api/v1/sync', ada.keys.ing, hourly(0));
    await ask('/api/v1/metrics', ada.keys.read);
  });

  it.each(Object.entries(TABLE))('%s costs no more than it may', async (_, [work, most]) => {
    const cost = await costOf(work);
    const kinds = Object.keys(most) as (keyof Cost)[];
    expect(kinds.filter((kind) => cost[kind] > most[kind]).map((kind) => [kind, cost])).toEqual([]);
  });
});
