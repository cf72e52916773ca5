import { expect, it } from 'vitest';
import { handOn } from '../../src/ingest/dispatch.ts';
import type { SliceJob } from '../../src/ingest/message.ts';

/** A queue takes a hundred messages at once. */

const job = (number: number): SliceJob => ({
  ingestion: {
    id: crypto.randomUUID(),
    userId: crypto.randomUUID(),
    keyId: crypto.randomUUID(),
    receivedAt: 0,
    saidAt: 0,
    replayOf: null,
    correlationId: 'many',
    traceparent: null,
    timeZone: 'UTC',
    automation: { name: null, id: null, aggregation: null, period: null, sessionId: null },
    idempotencyKey: null,
  },
  archived: { rawKey: 'raw/many', bytes: 1, sha256: '', cut: '' },
  slicesTotal: 250,
  stored: null,
  slice: {
    number,
    start: 0,
    end: 1,
    opening: '',
    closing: '',
    items: 1,
    place: { section: '', element: 0, point: 0 },
  },
});

it('the slices of a large upload go in batches of at most a hundred, each slice once', async () => {
  const sent: number[][] = [];
  const queue = {
    sendBatch: async (messages: Iterable<{ body: { slice: { number: number } } }>) => {
      sent.push([...messages].map(({ body }) => body.slice.number));
    },
  };
  const lanes = Object.assign(Object.create(null), { live: queue, backfill: queue });
  const jobs = Array.from({ length: 250 }, (_, number) => job(number));
  await handOn(jobs, { lanes, deferSeconds: null });
  expect(sent.map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(sent.flat()).toEqual(jobs.map(({ slice }) => slice.number));
});
