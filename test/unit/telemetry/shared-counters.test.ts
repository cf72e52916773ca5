import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { HttpServer } from '../../../local/stack/http-server.ts';
import { openRedisBackend } from '../../../local/stack/redis.ts';
import { createSwitch } from '../../../local/stack/switch.ts';
import { type RedisBackend, startUpstashEndpoint } from '../../../local/stack/upstash-endpoint.ts';
import { openRedis, type Redis } from '../../../src/redis.ts';
import { Meter } from '../../../src/telemetry/meter.ts';
import { flush, readCounters } from '../../../src/telemetry/shared-counters.ts';

/** Counters of several isolates in one Redis. */

const BYTES = 'self_sensored_upload_bytes_total';
const power = createSwitch();
const bill = { commands: 0 };
let backend: RedisBackend;
let endpoint: HttpServer;
let redis: Redis;

beforeAll(async () => {
  backend = await openRedisBackend(null);
  endpoint = await startUpstashEndpoint(backend, 'token', { power, bill });
  redis = openRedis({ UPSTASH_REDIS_REST_URL: endpoint.url, UPSTASH_REDIS_REST_TOKEN: 'token' });
});
afterAll(async () => {
  await endpoint.stop();
  await backend.close();
});
beforeEach(() => redis.flushdb());

const blobs = () => redis.llen('telemetry');

it('a flush is one command, however much was counted', async () => {
  const meter = new Meter();
  for (let i = 0; i < 50; i++)
    meter.count('http_requests_total', { endpoint: `GET /${i}`, status: '200' });
  const before = bill.commands;
  await flush(meter, redis);
  expect(bill.commands - before).toBe(1);
  expect((await readCounters(redis)).size).toBe(50);
});

it('the counters are the sum over all isolates, and many blobs become one', async () => {
  const isolates = [new Meter(), new Meter(), new Meter()];
  for (let i = 0; i < 250; i++) {
    const meter = isolates[i % isolates.length] ?? new Meter();
    meter.count('upload_bytes_total', {}, 1.5);
    await flush(meter, redis);
  }
  expect((await readCounters(redis)).get(BYTES)).toBe(375);
  expect(await blobs()).toBeLessThan(110);
});

it('nothing is counted twice where two isolates merge at the same moment', async () => {
  const meters = Array.from({ length: 300 }, () => new Meter());
  for (const meter of meters) meter.count('upload_bytes_total', {}, 1);
  await Promise.all(meters.map((meter) => flush(meter, redis)));
  expect((await readCounters(redis)).get(BYTES)).toBe(300);
});

it('what Redis does not take goes with the next flush', async () => {
  const meter = new Meter();
  meter.count('upload_bytes_total', {}, 1);
  power.pause();
  await flush(meter, redis);
  power.resume();
  meter.count('upload_bytes_total', {}, 2);
  await flush(meter, redis);
  expect((await readCounters(redis)).get(BYTES)).toBe(3);
});

it('a blob that cannot be read costs only its own counts', async () => {
  const meter = new Meter();
  meter.count('upload_bytes_total', {}, 1);
  await flush(meter, redis);
  await redis.rpush('telemetry', 'blob {"half');
  expect((await readCounters(redis)).get(BYTES)).toBe(1);
});
