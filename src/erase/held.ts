import { listHeld } from '../store/held.ts';
import { removeObjects } from '../store/objects.ts';

/**
 * Deletes what was sent with these keys while they could not be looked up. As a rule nothing is held: the next run of
 * maintenance takes it in.
 * @returns how many uploads. @throws StorageUnreachable
 */
export async function eraseHeld(
  bucket: R2Bucket,
  keys: readonly { lookup: string }[],
): Promise<number> {
  const lookups = new Set(keys.map(({ lookup }) => lookup));
  let deleted = 0;
  let after: string | null = null;
  do {
    const { page, next } = await listHeld(bucket, after);
    const theirs = page.filter(({ description }) => lookups.has(description?.lookup ?? ''));
    if (theirs.length > 0)
      await removeObjects(
        bucket,
        theirs.map(({ key }) => key),
      );
    deleted += theirs.length;
    after = next;
  } while (after !== null);
  return deleted;
}
