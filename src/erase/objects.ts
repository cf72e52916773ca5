import { countObjects, deletePage, isLastPage, PREFIXES, prefixOf } from '../store/objects.ts';

/** All that the archive has of a person. */

export type ObjectCounts = Record<string, number>;

const MOST_COUNTED = 10_000;

/** How many objects there are, prefix by prefix. @throws StorageUnreachable */
export async function countAll(bucket: R2Bucket, userId: string): Promise<ObjectCounts> {
  const counts = await Promise.all(
    PREFIXES.map(
      async (prefix) =>
        [prefix, await countObjects(bucket, prefixOf(prefix, userId), MOST_COUNTED)] as const,
    ),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** @returns how many were deleted, and whether that was all. @throws StorageUnreachable */
export async function eraseObjects(
  bucket: R2Bucket,
  userId: string,
  end: number,
): Promise<{ objects: ObjectCounts; isLast: boolean }> {
  const objects: ObjectCounts = {};
  for (const prefix of PREFIXES) {
    for (let isLast = false; !isLast; ) {
      if (Date.now() >= end) return { objects, isLast: false };
      const deleted = await deletePage(bucket, prefixOf(prefix, userId));
      if (deleted > 0) objects[prefix] = (objects[prefix] ?? 0) + deleted;
      isLast = isLastPage(deleted);
    }
  }
  return { objects, isLast: true };
}
