import { createExecutionContext, env } from 'cloudflare:test';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { OPERATIONS } from '../../src/routes/index.ts';

const servers = inject('servers');
const app = createApp(OPERATIONS);

// There is no Redis: the key is remembered by the isolate, once it has been checked.
const ENV: Env = { ...env, NEON_ENDPOINT: servers.neon, UPSTASH_REDIS_REST_URL: servers.away };

async function call(path: string, init: RequestInit, faults: Partial<Env> = {}) {
  // Not waited for: what goes on behind an answer gathers counters for ten seconds.
  const context = createExecutionContext();
  const request = new Request(`https://self-sensored.test${path}`, {
    ...init,
    headers: { authorization: `Bearer ${servers.ada.keys.ing}`, ...init.headers },
  });
  const response = await app.fetch(request, { ...ENV, ...faults }, context);
  return {
    status: response.status,
    headers: response.headers,
    body: await response.json<Answer>(),
  };
}

interface Answer {
  success: boolean;
  error?: string;
  data: { id: string; status: string; totals: { received: number } };
}

const post = (body: string, faults?: Partial<Env>) =>
  call('/api/v1/sync', { method: 'POST', body }, faults);

/** A payload that no other test sends. */
let seed = 0;
function payload(points: number): string {
  seed++;
  const data = Array.from({ length: points }, (_, i) => ({
    qty: i,
    date: new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString(),
    source: `Watch ${seed}`,
  }));
  return JSON.stringify({ data: { metrics: [{ name: 'step_count', units: 'count', data }] } });
}

beforeAll(async () => {
  await post('{"data":{}}');
});

const SMALL = 10;
/** Makes a body of several slices. */
const LARGE = 8_000;

const broken = (): never => {
  throw new Error('out of order');
};
const brokenAsync = async () => broken();

/** R2 that takes nothing. */
const noArchive = (): Partial<Env> => ({
  RAW: Object.assign(Object.create(null), {
    put: brokenAsync,
    createMultipartUpload: brokenAsync,
    head: brokenAsync,
  }),
});

/** R2 that fails while a body streams into it. */
const failingArchive = (): Partial<Env> => ({
  RAW: Object.assign(Object.create(null), {
    put: async (_: string, body: ReadableStream) => {
      await body.getReader().read();
      broken();
    },
  }),
});

const noQueue = (): Partial<Env> => ({
  SLICES: Object.assign(Object.create(null), { send: brokenAsync, sendBatch: brokenAsync }),
  BACKFILL: Object.assign(Object.create(null), { send: brokenAsync, sendBatch: brokenAsync }),
  WORK: Object.assign(Object.create(null), { send: brokenAsync, sendBatch: brokenAsync }),
});

const noDatabase: Partial<Env> = { NEON_ENDPOINT: servers.away };

describe('with the archive away', () => {
  it.each([
    ['a small upload', SMALL, noArchive()],
    ['a large upload', LARGE, noArchive()],
    ['a large upload that had begun', LARGE, failingArchive()],
  ])('%s is refused and told when to come back', async (_, points, faults) => {
    const { status, headers, body } = await post(payload(points), faults);
    expect(status).toBe(503);
    expect(body.error).toBe('storage_unavailable');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('the server is alive, but not ready', async () => {
    expect((await call('/live', {}, noArchive())).status).toBe(200);
    expect((await call('/ready', {}, noArchive())).status).toBe(503);
  });
});

describe('with the queue away', () => {
  it('a small upload is stored, for it needs no queue', async () => {
    const { status, body } = await post(payload(SMALL), noQueue());
    expect(status).toBe(200);
    expect(body.data.totals.received).toBe(SMALL);
  });

  it('a large upload is taken: its body is safe, and the sweeper will send its slices', async () => {
    const { status, body } = await post(payload(LARGE), noQueue());
    expect([status, body.data.status]).toEqual([202, 'queued']);
  });

  it('a small upload is taken even if the database is away too', async () => {
    const { status, body } = await post(payload(SMALL), { ...noDatabase, ...noQueue() });
    expect([status, body.data.status]).toEqual([202, 'queued']);
  });
});

describe('with the database away', () => {
  it('an upload is archived and queued', async () => {
    const { status, headers, body } = await post(payload(SMALL), noDatabase);
    expect(status).toBe(202);
    expect(body.data.status).toBe('queued');
    expect(headers.get('location')).toBe(`/api/v1/ingestions/${body.data.id}`);
  });

  it('a question is answered with a 503', async () => {
    const { status, body } = await call('/api/v1/ingestions', {}, noDatabase);
    expect(status).toBe(503);
    expect(body.error).toBe('database_unavailable');
  });
});

describe('with settings that are not valid', () => {
  it('nothing is served, and the answer keeps the reason to the log', async () => {
    const { status, body } = await post(payload(SMALL), { KEY_PEPPER: 'short' });
    expect(status).toBe(500);
    expect(body.error).toBe('internal_error');
  });
});
