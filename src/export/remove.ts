import type { Database } from '../database.ts';
import { abortUpload, removeRest, zipKeyOf } from '../store/export-object.ts';
import { deleteExport, markExpired, selectExpired } from '../store/exports.ts';
import { removeObjects } from '../store/objects.ts';
import type { ExportDependencies } from './context.ts';

/** What an upload that never was completed has left behind. */
export interface Leftovers {
  id: string;
  userId: string;
  uploadId: string | null;
  rest: number;
}

/** @throws StorageUnreachable */
export async function removeLeftovers(bucket: R2Bucket, left: Leftovers): Promise<void> {
  if (left.uploadId !== null) {
    await abortUpload(bucket, zipKeyOf(left.userId, left.id), left.uploadId);
  }
  if (left.rest > 0) await removeRest(bucket, left, left.rest);
}

/** Removes an export, running or done. @returns whether there was one. @throws StorageUnreachable */
export async function removeExport(
  id: string,
  userId: string,
  { database, bucket }: ExportDependencies,
): Promise<boolean> {
  // The row first: whoever works on it finds that out at the next commit.
  const [row] = await database.query(deleteExport(id, userId));
  if (row === undefined) return false;
  const uploadId = row.upload_id === null ? null : String(row.upload_id);
  await removeLeftovers(bucket, { id, userId, uploadId, rest: Number(row.rest) });
  await removeObjects(bucket, [zipKeyOf(userId, id)]);
  return true;
}

/** Zips of one step: two requests each. */
const MAX_EXPIRED = 200;

/** Removes the zips whose time is over, up to a number. @returns how many, and whether that was all */
export async function expireExports({
  database,
  bucket,
}: {
  database: Database;
  bucket: R2Bucket;
}): Promise<{ expired: number; isLast: boolean }> {
  const expired = await database.query(selectExpired(MAX_EXPIRED));
  for (const { id, user_id } of expired) {
    await removeObjects(bucket, [zipKeyOf(String(user_id), String(id))]);
    await database.query(markExpired(String(id)));
  }
  return { expired: expired.length, isLast: expired.length < MAX_EXPIRED };
}
