import type { Redis } from '../redis.ts';
import type { Meter } from './meter.ts';

/** The counters of all isolates, in one hash of Redis: isolates come and go, and cannot be scraped themselves. */
const KEY = 'metrics';

/** Within this time all requests of an isolate share one round trip to Redis; so much is lost with an isolate, at most. */
const GATHER_MS = 10_000;

/** One that is under way takes along what others count meanwhile. */
let isGathering = false;

/** Brings what was counted to Redis, a little later. Never rejects. For `waitUntil`. */
export async function flushSoon(meter: Meter, openRedis: () => Redis): Promise<void> {
  if (isGathering) return;
  isGathering = true;
  try {
    await scheduler.wait(GATHER_MS);
  } finally {
    isGathering = false;
  }
  await flush(meter, openRedis());
}

/** Never rejects: what Redis does not take now goes with the next. */
export async function flush(meter: Meter, redis: Redis): Promise<void> {
  const values = meter.drain();
  if (values.size === 0) return;
  const pipeline = redis.pipeline();
  for (const [series, by] of values) pipeline.hincrbyfloat(KEY, series, by);
  try {
    await pipeline.exec();
  } catch {
    meter.restore(values);
  }
}

/** @throws what Redis throws */
export async function readCounters(redis: Redis): Promise<Map<string, number>> {
  const all = (await redis.hgetall<Record<string, unknown>>(KEY)) ?? {};
  return new Map(Object.entries(all).map(([series, value]) => [series, Number(value)]));
}
