import type { Redis } from '../redis.ts';
import type { Meter } from './meter.ts';
import { flush } from './shared-counters.ts';

/** Within this time all requests of an isolate share one flush. */
const GATHER_MS = 10_000;

/** A flush that is under way takes along what others count meanwhile. */
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
