import { guarded } from './raw.ts';

/** What lies in the archive under a prefix, whatever it is. */

/** Where things of a person lie: bodies, what they were made of, what was no payload, and exports. */
export const PREFIXES = ['raw', 'original', 'rejected', 'exports'] as const;

export type Prefix = (typeof PREFIXES)[number];

export const prefixOf = (prefix: Prefix, userId: string): string => `${prefix}/${userId}/`;

/** R2 lists and deletes as many at once. */
const MOST_AT_ONCE = 1_000;

/** Keys under a prefix, in their order, after the given one. @throws StorageUnreachable */
export const listKeys = (
  bucket: R2Bucket,
  prefix: string,
  startAfter: string | null,
  limit = MOST_AT_ONCE,
): Promise<string[]> =>
  guarded(async () => {
    const { objects } = await bucket.list({
      prefix,
      limit,
      ...(startAfter === null ? {} : { startAfter }),
    });
    return objects.map(({ key }) => key);
  });

export interface ObjectPage {
  objects: { key: string; uploadedAt: number }[];
  isLast: boolean;
}

/** A page of a prefix, after a key. @throws StorageUnreachable */
export const listObjects = (
  bucket: R2Bucket,
  { prefix, after }: { prefix: string; after: string | null },
): Promise<ObjectPage> =>
  guarded(async () => {
    const page = await bucket.list({ prefix, ...(after === null ? {} : { startAfter: after }) });
    return {
      objects: page.objects.map(({ key, uploaded }) => ({ key, uploadedAt: uploaded.getTime() })),
      isLast: !page.truncated,
    };
  });

/** How many objects there are, up to a number. @throws StorageUnreachable */
export async function countObjects(
  bucket: R2Bucket,
  prefix: string,
  most: number,
): Promise<number> {
  let count = 0;
  for (let last: string | null = null; count < most; ) {
    const keys: string[] = await listKeys(bucket, prefix, last);
    count += keys.length;
    last = keys.at(-1) ?? null;
    if (keys.length < MOST_AT_ONCE) break;
  }
  return Math.min(count, most);
}

/** Deletes one page of what is there. @returns how many; less than a thousand: that was all. @throws StorageUnreachable */
export async function deletePage(bucket: R2Bucket, prefix: string): Promise<number> {
  const keys = await listKeys(bucket, prefix, null);
  if (keys.length > 0) await guarded(() => bucket.delete(keys));
  return keys.length;
}

export const isLastPage = (keys: number): boolean => keys < MOST_AT_ONCE;

/** @throws StorageUnreachable */
export const sizeOfObject = (bucket: R2Bucket, key: string): Promise<number | null> =>
  guarded(async () => (await bucket.head(key))?.size ?? null);

/** @returns `null` if it is gone. @throws StorageUnreachable */
export const openObject = (bucket: R2Bucket, key: string): Promise<R2ObjectBody | null> =>
  guarded(() => bucket.get(key));

/** @throws StorageUnreachable */
export const removeObjects = (bucket: R2Bucket, keys: string[]): Promise<void> =>
  guarded(() => bucket.delete(keys));

/** Some bytes of an object; `null` if it is gone. @throws StorageUnreachable */
export const openRange = (
  bucket: R2Bucket,
  key: string,
  range: { offset: number; length: number },
): Promise<ReadableStream | null> =>
  guarded(async () => (await bucket.get(key, { range }))?.body ?? null);
