import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Database, DatabaseUnreachable } from '../../src/database.ts';
import { dispatch } from '../../src/ingest/dispatch.ts';
import type { Ingestion, Slice } from '../../src/model.ts';

const NOW = Date.parse('2026-03-02T07:41:00Z');
const ingestion: Ingestion = {
  id: '01951f3a-9c40-7c3e-8d2b-5a6f7e8d9c0b',
  userId: '00000000-0000-4000-8000-00000000000a',
  keyId: '00000000-0000-4000-8000-00000000000b',
  receivedAt: NOW,
  saidAt: NOW,
  replayOf: null,
  correlationId: 'c',
  traceparent: null,
  timeZone: 'Europe/Vienna',
  automation: { name: null, id: null, aggregation: null, period: null, sessionId: null },
  idempotencyKey: null,
};
const body = new TextEncoder().encode('{"data":{"metrics":[]}}');
const slice: Slice = {
  ...{ number: 0, start: 0, end: body.length, opening: '', closing: '', items: 0 },
  place: { section: '', element: 0, point: 0 },
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  vi.spyOn(console, 'log').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Options of the batch that is sent when the first load gives up after so long. */
async function sentAfter(seconds: number) {
  const transaction = vi.fn<Database['transaction']>(async () => {
    vi.setSystemTime(Date.now() + seconds * 1_000);
    throw new DatabaseUnreachable('The database did not answer');
  });
  const sendBatch = vi.fn(async () => {});
  const lane = { sendBatch, send: async () => {} } as unknown as Queue;
  const receipt = await dispatch(
    ingestion,
    { archived: { rawKey: 'k', bytes: 1, sha256: 's', cut: '' }, slices: [slice], body, ends: [] },
    {
      database: { transaction } as unknown as Database,
      bucket: {} as R2Bucket,
      lanes: { live: lane, backfill: lane },
      deferSeconds: null,
    },
  );
  expect(receipt.status).toBe('queued');
  expect(sendBatch).toHaveBeenCalledOnce();
  return (sendBatch.mock.calls as unknown[][])[0]?.[1];
}

it('a load that was given up at once is tried again at once', async () => {
  expect(await sentAfter(0)).toEqual({});
});

it('a load that took long is not started again beside itself', async () => {
  expect(await sentAfter(30)).toEqual({ delaySeconds: 60 });
});
