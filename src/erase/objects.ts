import {
  countObjects,
  deletePage,
  isLastPage,
  listKeys,
  PREFIXES,
  prefixOf,
  removeObjects,
} from '../store/objects.ts';
import { HOUR_MS, hourOf, rawPrefixOf, startOfHour } from '../store/raw-keys.ts';

/** All that the archive has of a person. */

export type ObjectCounts = Record<string, number>;

export const MAX_OBJECTS_COUNTED = 10_000;

/**
 * How many objects there are, prefix by prefix, of those that lie under the person. What lies under hours is counted by
 * its receipts. @throws StorageUnreachable
 */
export async function countAside(bucket: R2Bucket, userId: string): Promise<ObjectCounts> {
  const counts = await Promise.all(
    PREFIXES.map(
      async (prefix) =>
        [
          prefix,
          await countObjects(bucket, prefixOf(prefix, userId), MAX_OBJECTS_COUNTED),
        ] as const,
    ),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** The hours `[from, to]` of a person's uploads that are to be erased. */
export interface ErasedHours {
  from: string;
  to: string;
}

/** Who asks for how much: until then, and so many listings. */
export interface EraseBudget {
  endsAt: number;
  listings: number;
}

export interface ErasedObjects {
  objects: ObjectCounts;
  /** Where it goes on; `null`: that was all. */
  next: string | null;
}

/** An upload that is under way puts its body under the hour in which it began. None takes a day. */
export const MAX_UPLOAD_HOURS = 25;

/** The first hour whose folder may still get a body, of uploads that began before an instant. */
export const firstHourBefore = (instant: number): string =>
  hourOf(instant - MAX_UPLOAD_HOURS * HOUR_MS);

/** Deletes what lies under the person, then what lies under the hours. @throws StorageUnreachable */
export async function eraseObjects(
  bucket: R2Bucket,
  userId: string,
  { hours, budget }: { hours: ErasedHours; budget: EraseBudget },
): Promise<ErasedObjects> {
  const objects: ObjectCounts = {};
  const count = (prefix: string, deleted: number) => {
    if (deleted > 0) objects[prefix] = (objects[prefix] ?? 0) + deleted;
  };
  const isSpent = () => Date.now() >= budget.endsAt || budget.listings <= 0;
  for (const prefix of PREFIXES) {
    for (let isLast = false; !isLast; ) {
      if (isSpent()) return { objects, next: hours.from };
      budget.listings--;
      const deleted = await deletePage(bucket, prefixOf(prefix, userId));
      count(prefix, deleted);
      isLast = isLastPage(deleted);
    }
  }
  for (let at = startOfHour(hours.from); at <= startOfHour(hours.to); ) {
    if (isSpent()) return { objects, next: hourOf(at) };
    budget.listings -= HOURS_AT_ONCE;
    const { deleted, isLast } = await eraseHours(bucket, userId, at);
    count('raw', deleted);
    if (isLast) at += HOURS_AT_ONCE * HOUR_MS;
  }
  return { objects, next: null };
}

/** A Worker has six connections. Together they never list more keys than one request deletes. */
const HOURS_AT_ONCE = 6;
const KEYS_OF_AN_HOUR = 150;

async function eraseHours(bucket: R2Bucket, userId: string, from: number) {
  const hours = Array.from({ length: HOURS_AT_ONCE }, (_, i) => hourOf(from + i * HOUR_MS));
  const pages = await Promise.all(
    hours.map((hour) => listKeys(bucket, rawPrefixOf(hour, userId), null, KEYS_OF_AN_HOUR)),
  );
  const keys = pages.flat();
  if (keys.length > 0) await removeObjects(bucket, keys);
  return { deleted: keys.length, isLast: pages.every((page) => page.length < KEYS_OF_AN_HOUR) };
}
