import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Database, Row } from '../../src/database.ts';
import { answerRepeat } from '../../src/ingest/repeat.ts';
import type { Ingestion } from '../../src/model.ts';
import { putRaw } from '../../src/store/raw.ts';

/** The same body once more, while that of the first is not what it was. */

const AT = Date.parse('2026-03-02T07:41:00Z');
const ingestion: Ingestion = {
  id: '01951f3a-9c40-7c3e-8d2b-5a6f7e8d9c0b',
  userId: '00000000-0000-4000-8000-00000000000a',
  keyId: '00000000-0000-4000-8000-00000000000b',
  ...{ receivedAt: AT, saidAt: AT, replayOf: null, correlationId: 'c', traceparent: null },
  timeZone: 'UTC',
  automation: { name: null, id: null, aggregation: null, period: null, sessionId: null },
  idempotencyKey: null,
};
const body = new TextEncoder().encode('{"data":{"metrics":[]}}');
const [EARLIER, LATER] = ['raw/earlier', 'raw/later'];

/** Of the earlier upload: it is open, and its receipt. */
const row: Row = {
  ...{
    id: '01951f3a-9c40-7c3e-8d2b-5a6f7e8d9c0a',
    received_at: new Date(AT).toISOString(),
    closed: false,
  },
  ...{ raw_key: EARLIER, bytes: body.length, sha256: 'same', cut: 'same', correlation_id: 'c' },
  ...{ status: 'queued', completed_at: null, automation: {}, slices_total: 1, slices_loaded: 0 },
  ...{ issues_total: 0, metrics: {}, issues: [], counts: {} },
};
const database = { query: async () => [row] } as unknown as Database;

beforeEach(async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  for (const key of [EARLIER, LATER]) await putRaw(env.RAW, key, body);
});
afterEach(() => void vi.restoreAllMocks());

async function repeat(bucket: R2Bucket = env.RAW) {
  const archived = { rawKey: LATER, bytes: body.length, sha256: 'same', cut: 'same' };
  const lane = { sendBatch: async () => {} } as unknown as Queue;
  return answerRepeat(
    ingestion,
    { archived, slices: [], ends: [], body },
    { database, bucket, lanes: { live: lane, backfill: lane }, windowHours: 24 },
  );
}

const isKept = async () => (await env.RAW.head(LATER)) !== null;

it('a repeat gives way to the earlier body', async () => {
  expect((await repeat())?.id).toBe(row.id);
  expect(await isKept()).toBe(false);
});

it.each([
  ['ends too early', (bytes: Uint8Array) => bytes.slice(0, -3)],
  ['has no header', (bytes: Uint8Array) => bytes.fill(0)],
])(
  'a repeat is a new upload if the earlier object %s: it is the better copy',
  async (_, damage) => {
    const object = await env.RAW.get(EARLIER);
    const bytes = new Uint8Array((await object?.arrayBuffer()) ?? []);
    const { customMetadata = {} } = object ?? {};
    await env.RAW.put(EARLIER, damage(bytes), { customMetadata });
    expect(await repeat()).toBeNull();
    expect(await isKept()).toBe(true);
  },
);

it('a repeat gives way to an earlier body that is out of reach: maintenance sends that', async () => {
  const away = {
    get: async () => {
      throw new Error('10001: internal error');
    },
    delete: (keys: string[]) => env.RAW.delete(keys),
  } as unknown as R2Bucket;
  expect((await repeat(away))?.id).toBe(row.id);
  expect(await isKept()).toBe(false);
});
