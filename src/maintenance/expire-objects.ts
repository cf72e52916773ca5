import { listObjects, removeObjects } from '../store/objects.ts';
import { EXPIRY_DAYS } from './expiry.ts';

const DAY_MS = 86_400_000;
/** Listings of a step, of a thousand objects each. */
const MAX_PAGES = 50;

/** @param after the key that the last step has come to. @returns where to go on; `null`: that was all */
export async function expireObjects(
  bucket: R2Bucket,
  after: string | null,
): Promise<{ objects: number; next: string | null }> {
  let [objects, pages, last] = [0, 0, after];
  for (const [prefix, days] of Object.entries(EXPIRY_DAYS)) {
    // A step before has done with this prefix.
    if (last !== null && last > prefix && !last.startsWith(prefix)) continue;
    const oldest = Date.now() - days * DAY_MS;
    for (let isLast = false; !isLast; ) {
      if (pages++ === MAX_PAGES) return { objects, next: last };
      const page = await listObjects(bucket, {
        prefix,
        after: last?.startsWith(prefix) ? last : null,
      });
      const expired = page.objects.filter(({ uploadedAt }) => uploadedAt < oldest);
      if (expired.length > 0) {
        await removeObjects(
          bucket,
          expired.map(({ key }) => key),
        );
      }
      objects += expired.length;
      last = page.objects.at(-1)?.key ?? last;
      isLast = page.isLast;
    }
  }
  return { objects, next: null };
}
