import { z } from 'zod';
import type { Redis } from '../redis.ts';
import type { Meter } from './meter.ts';

/**
 * The counters of all isolates, which come and go and cannot be scraped themselves: a list of blobs in Redis. An isolate
 * adds what it has counted as one blob, which is one command however much is in it; the counters are the sum of all blobs.
 * Every so often those are made into one.
 *
 * What is lost: an isolate that ends before its next flush takes up to ten seconds of counts along. What is counted twice: a
 * flush whose answer did not come, though Redis had taken it.
 */
const KEY = 'telemetry';

/** Whoever adds the last of so many makes one of them: five commands, for that many flushes. */
const MAX_BLOBS = 100;

/** Never rejects: what Redis does not take now goes with the next. */
export async function flush(meter: Meter, redis: Redis): Promise<void> {
  const values = meter.drain();
  if (values.size === 0) return;
  try {
    const blobs = await redis.rpush(KEY, toBlob(values));
    if (blobs % MAX_BLOBS === 0) await merge(redis);
  } catch {
    meter.restore(values);
  }
}

/** @throws what Redis throws */
export const readCounters = async (redis: Redis): Promise<Map<string, number>> =>
  sumOf(await blobsOf(redis));

/**
 * Puts one blob in place of those that were read, unless somebody else has done so meanwhile: the first blob then is
 * another, since each has an id.
 */
const REPLACE = `
  if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] then return 0 end
  redis.call('LTRIM', KEYS[1], ARGV[2], -1)
  return redis.call('LPUSH', KEYS[1], ARGV[3])
`;

/** Never rejects: what stays in pieces is counted all the same. */
async function merge(redis: Redis): Promise<void> {
  try {
    const blobs = await blobsOf(redis);
    const [first] = blobs;
    if (first === undefined) return;
    await redis.eval(REPLACE, [KEY], [first, blobs.length, toBlob(sumOf(blobs))]);
  } catch {
    // The next one tries again.
  }
}

const PREFIX = 'blob ';
const blobSchema = z.object({ values: z.record(z.string(), z.number()) });

/** Not plain JSON: the client would parse it, and what is compared must be the very text. */
const toBlob = (values: ReadonlyMap<string, number>): string =>
  PREFIX + JSON.stringify({ id: crypto.randomUUID(), values: Object.fromEntries(values) });

/** One that cannot be read counts nothing, and is gone with the next merge. */
function fromBlob(blob: string): Record<string, number> {
  try {
    return blobSchema.parse(JSON.parse(blob.slice(PREFIX.length))).values;
  } catch {
    return {};
  }
}

const blobsOf = (redis: Redis): Promise<string[]> => redis.lrange(KEY, 0, -1);

function sumOf(blobs: readonly string[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const [series, value] of blobs.flatMap((blob) => Object.entries(fromBlob(blob)))) {
    sum.set(series, (sum.get(series) ?? 0) + value);
  }
  return sum;
}
