import { guarded } from './raw.ts';

/** The zip of an export in R2, put together of parts, and the side object with what does not fill a part yet. */

/** R2 wants all parts but the last equal, none under 5 MiB, and 10,000 at most: archives of 50 GB. */
export const PART_BYTES = 5 * 1024 * 1024;

export interface UploadedPart {
  partNumber: number;
  etag: string;
}

/** `exports/<user>/<id>.zip` */
export const zipKeyOf = (userId: string, id: string): string => `exports/${userId}/${id}.zip`;

const restKeyOf = (userId: string, id: string, rest: number): string =>
  `exports/${userId}/${id}.rest-${rest}`;

/** The upload is not there any more: it was completed, or given up by R2 after a week. */
export class UploadGone extends Error {
  override name = 'UploadGone';
}

/** @returns the id of the multipart upload. @throws StorageUnreachable */
export const startUpload = (bucket: R2Bucket, key: string): Promise<string> =>
  guarded(async () => {
    const { uploadId } = await bucket.createMultipartUpload(key, {
      httpMetadata: { contentType: 'application/zip' },
    });
    return uploadId;
  });

/** A part that was sent before is replaced. @throws StorageUnreachable, UploadGone */
export const sendPart = (
  bucket: R2Bucket,
  { key, uploadId }: { key: string; uploadId: string },
  partNumber: number,
  bytes: Uint8Array,
): Promise<UploadedPart> =>
  ofUpload(async () => {
    const upload = bucket.resumeMultipartUpload(key, uploadId);
    const { etag } = await upload.uploadPart(partNumber, bytes);
    return { partNumber, etag };
  });

/** @throws StorageUnreachable, UploadGone */
export const completeUpload = (
  bucket: R2Bucket,
  { key, uploadId }: { key: string; uploadId: string },
  parts: readonly UploadedPart[],
): Promise<void> =>
  ofUpload(async () => {
    await bucket.resumeMultipartUpload(key, uploadId).complete([...parts]);
  });

/** Never rejects: R2 gives up by itself what nobody completes. */
export async function abortUpload(bucket: R2Bucket, key: string, uploadId: string): Promise<void> {
  await bucket
    .resumeMultipartUpload(key, uploadId)
    .abort()
    .catch(() => {});
}

interface RestPlace {
  userId: string;
  id: string;
}

/** Under a number of its own each time: until the row names it, the former one counts. @throws StorageUnreachable */
export const keepRest = (
  bucket: R2Bucket,
  { userId, id }: RestPlace,
  number: number,
  bytes: Uint8Array,
): Promise<void> =>
  guarded(async () => void (await bucket.put(restKeyOf(userId, id, number), bytes)));

/** @returns `null` if it is gone. @throws StorageUnreachable */
export const readRest = (
  bucket: R2Bucket,
  { userId, id }: RestPlace,
  number: number,
): Promise<Uint8Array | null> =>
  guarded(async () => {
    const object = await bucket.get(restKeyOf(userId, id, number));
    return object === null ? null : new Uint8Array(await object.arrayBuffer());
  });

/** @throws StorageUnreachable */
export const removeRest = (
  bucket: R2Bucket,
  { userId, id }: RestPlace,
  number: number,
): Promise<void> => guarded(() => bucket.delete(restKeyOf(userId, id, number)));

/** Codes of R2: no such upload; a part that is not the one it was. */
const GONE = /\((10024|10025)\)/;

async function ofUpload<T>(work: () => Promise<T>): Promise<T> {
  return guarded(async () => {
    try {
      return { done: await work() };
    } catch (error) {
      if (error instanceof Error && GONE.test(error.message)) return { gone: error };
      throw error;
    }
  }).then((ended) => {
    if ('gone' in ended) throw new UploadGone('The upload is not there any more');
    return ended.done;
  });
}
