import { env } from 'cloudflare:workers';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database, Statement } from '../../src/database.ts';
import { describe as describeUpload } from '../../src/ingest/description.ts';
import { adoptStep } from '../../src/maintenance/adopt-step.ts';
import type { MaintenanceDependencies } from '../../src/maintenance/dependencies.ts';
import type { TaskStep } from '../../src/maintenance/task.ts';
import { HOUR_MS, hourOf, rawKeyOf } from '../../src/store/raw-keys.ts';

/** Adoption, while archive and database come and go. The objects are real, and as old as a test says. */

const NOW = Date.parse('2026-03-02T12:30:00Z');
const PERSON = '00000000-0000-4000-8000-00000000000a';
const BODY = '{"data":{"metrics":[{"name":"step_count","units":"count","data":[{"qty":1}]}]}}';

let isArchiveAway = false;
let isDatabaseAway = false;
let storedAt = new Map<string, number>();
let receipts = new Set<string>();

beforeEach(async () => {
  isArchiveAway = false;
  isDatabaseAway = false;
  storedAt = new Map();
  receipts = new Set();
  const { objects } = await env.RAW.list();
  if (objects.length > 0) await env.RAW.delete(objects.map(({ key }) => key));
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  vi.spyOn(console, 'log').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A body without a receipt, that began to come at one time, and had come at another. */
async function strand(receivedAt: number, storedAtMs = receivedAt): Promise<string> {
  const id = uuidv7({ msecs: receivedAt });
  const key = rawKeyOf(PERSON, receivedAt, id);
  const automation = { name: null, id: null, aggregation: null, period: null, sessionId: null };
  const upload = { id, userId: PERSON, keyId: PERSON, receivedAt, saidAt: receivedAt, automation };
  const customMetadata = describeUpload({
    ...upload,
    ...{ replayOf: null, correlationId: 'c', traceparent: null },
    ...{ timeZone: 'UTC', idempotencyKey: null },
  });
  await env.RAW.put(key, BODY, { customMetadata });
  storedAt.set(key, storedAtMs);
  return key;
}

const bucket = {
  list: async (options: R2ListOptions) => {
    const { objects, ...rest } = await env.RAW.list(options);
    const aged = objects.map(({ key }) => ({ key, uploaded: new Date(storedAt.get(key) ?? 0) }));
    return { ...rest, objects: aged };
  },
  get: async (key: string) => {
    if (isArchiveAway) throw new Error('10001: internal error');
    return env.RAW.get(key);
  },
} as unknown as R2Bucket;

const database = {
  query: async ({ params }: Statement) => {
    const asked = JSON.parse(String(params[0])) as { id: string }[];
    return asked.filter(({ id }) => !receipts.has(id));
  },
  transaction: async (statements: readonly Statement[]) => {
    if (isDatabaseAway) throw new Error('away');
    const ids = statements.flatMap(({ params }) => params.map(String));
    for (const key of storedAt.keys()) {
      const id = key.split('/').at(-1) ?? '';
      if (ids.some((each) => each.includes(id))) receipts.add(id);
    }
    return [];
  },
} as unknown as Database;

const lane = {
  sendBatch: async () => {
    if (isDatabaseAway) throw new Error('away, too');
  },
} as unknown as Queue;

const dependencies: MaintenanceDependencies = {
  database,
  bucket,
  lanes: { live: lane, backfill: lane },
  ...{ sliceBytes: 1_000_000, maxBytes: 1_000_000, maxFilesBytes: 1_000_000 },
  ...{ sweepAfterSeconds: 600, recomputeAfterSeconds: 600 },
};

/** All steps of a run. @returns the cursor at its end, and how many were adopted and left */
async function run(cursor: TaskStep['cursor']) {
  const found = { adopted: 0, left: 0, steps: 0 };
  for (let at = cursor; ; found.steps++) {
    const step = await adoptStep(at, 0, dependencies);
    found.adopted += Number(step.findings.adopted);
    found.left += Number(step.findings.left);
    at = step.cursor;
    if (step.next === 'done') return { ...found, cursor: at };
  }
}

const fromHour = (instant: number) => ({ hour: hourOf(instant), after: null });

describe('a body without a receipt', () => {
  it.each([
    ['the archive', true],
    ['the database, and the queue with it,', false],
  ])('is adopted by the next run if %s was away, though its hour is over', async (_, isArchive) => {
    await strand(NOW - 5 * HOUR_MS);
    isArchiveAway = isArchive;
    isDatabaseAway = !isArchive;
    const first = await run(fromHour(NOW - 5 * HOUR_MS));
    expect(first).toMatchObject({ adopted: 0, left: 1, cursor: { hour: hourOf(NOW - 600_000) } });
    isArchiveAway = false;
    isDatabaseAway = false;
    const second = await run(first.cursor);
    expect(second).toMatchObject({ adopted: 1, left: 0, cursor: { again: [] } });
  });

  it('is not adopted while its request may be at work, however long ago that began', async () => {
    const key = await strand(NOW - HOUR_MS, NOW - 60_000);
    const { adopted } = await run(fromHour(NOW - HOUR_MS));
    expect(adopted).toBe(0);
    storedAt.set(key, NOW - 11 * 60_000);
    expect((await run(fromHour(NOW - HOUR_MS))).adopted).toBe(1);
  });

  it('that is damaged is not looked at by every run', async () => {
    const key = await strand(NOW - 5 * HOUR_MS);
    await env.RAW.put(key, 'no member', { customMetadata: { format: 'members' } });
    const { left, cursor } = await run(fromHour(NOW - 5 * HOUR_MS));
    expect([left, cursor]).toEqual([1, expect.objectContaining({ again: [] })]);
  });
});

it('more bodies than a cursor keeps hold the walk up at their page, and none is passed', async () => {
  const hours = [5, 4].map((ago) => NOW - ago * HOUR_MS);
  for (const at of hours) for (let i = 0; i < 70; i++) await strand(at + i);
  isArchiveAway = true;
  let { cursor } = await run(fromHour(NOW - 5 * HOUR_MS));
  expect(cursor).toMatchObject({ hour: hourOf(NOW - 4 * HOUR_MS), until: null });
  const again = await run(cursor);
  expect(again.cursor).toEqual(cursor);
  isArchiveAway = false;
  ({ cursor } = await run(again.cursor));
  expect([receipts.size, cursor]).toEqual([140, expect.objectContaining({ again: [] })]);
});

it('a run whose last step comes late begins the next one where it began itself', async () => {
  // Listed by the first step of a run, which is too early for it, and by no later one.
  const young = await strand(NOW - 20 * 60_000, NOW - 60_000);
  for (let i = 0; i < 101; i++) await strand(NOW - 15 * 60_000 + i);
  const first = await adoptStep(fromHour(NOW), 0, dependencies);
  expect([receipts.size, first.next]).toEqual([100, { afterSeconds: 0 }]);
  vi.setSystemTime(NOW + 3 * HOUR_MS);
  const { cursor } = await run(first.cursor);
  expect(receipts.has(young.split('/').at(-1) ?? '')).toBe(false);
  await run(cursor);
  expect(receipts.has(young.split('/').at(-1) ?? '')).toBe(true);
});
