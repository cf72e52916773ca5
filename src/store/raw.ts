import { originalKeyOf, rejectedKeyOf } from './raw-keys.ts';

/** The archive of raw bodies in R2, as slices index them. */

export class StorageUnreachable extends Error {
  override name = 'StorageUnreachable';
}

/** The body of an upload is not in the archive any more. */
export class BodyGone extends Error {
  override name = 'BodyGone';
}

/** What a body says of itself, kept as metadata of its object. */
export type Description = Record<string, string>;

/** Takes a body as it comes. Nothing is stored before `close` has resolved. */
export interface RawWriter {
  write(piece: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

/** R2 wants all parts but the last equal, and none under 5 MiB. */
const PART_BYTES = 5 * 1024 * 1024;

/** @param length of the body in bytes, if known: one put. Otherwise it goes up in parts. */
export const openRaw = (
  bucket: R2Bucket,
  key: string,
  length: number | null,
  description: Description,
): Promise<RawWriter> =>
  guarded(async () =>
    length === null
      ? openParts(bucket, key, description)
      : openPut(bucket, key, length, description),
  );

function openPut(
  bucket: R2Bucket,
  key: string,
  length: number,
  description: Description,
): RawWriter {
  const { readable, writable } = new FixedLengthStream(length);
  const writer = writable.getWriter();
  const stored = bucket.put(key, readable, { customMetadata: description });
  // Whoever writes hears of a failed put at the next write or at the close.
  stored.catch(() => {});
  return {
    // A put that fails never reads on, and would leave a write waiting.
    write: (piece) => guarded(() => Promise.race([writer.write(piece), failure(stored)])),
    close: () => guarded(async () => void (await Promise.all([writer.close(), stored]))),
    abort: () => writer.abort().catch(() => {}),
  };
}

async function failure(work: Promise<unknown>): Promise<never> {
  await work;
  return new Promise(() => {});
}

async function openParts(
  bucket: R2Bucket,
  key: string,
  description: Description,
): Promise<RawWriter> {
  const upload = await bucket.createMultipartUpload(key, { customMetadata: description });
  const parts: R2UploadedPart[] = [];
  let part = new Uint8Array(PART_BYTES);
  let filled = 0;

  const send = async () => {
    parts.push(await upload.uploadPart(parts.length + 1, part.subarray(0, filled)));
    filled = 0;
  };
  return {
    write: (piece) =>
      guarded(async () => {
        for (let from = 0; from < piece.length; ) {
          const taken = piece.subarray(from, from + PART_BYTES - filled);
          part.set(taken, filled);
          filled += taken.length;
          from += taken.length;
          if (filled === PART_BYTES) await send();
        }
      }),
    close: () =>
      guarded(async () => {
        if (filled > 0 || parts.length === 0) await send();
        part = new Uint8Array(0);
        await upload.complete(parts);
      }),
    abort: () => upload.abort().catch(() => {}),
  };
}

export const putRaw = (
  bucket: R2Bucket,
  key: string,
  body: Uint8Array,
  description: Description = {},
): Promise<void> =>
  guarded(async () => void (await bucket.put(key, body, { customMetadata: description })));

/** The bytes `[start, end)` of a body. @throws BodyGone, StorageUnreachable */
export async function readRaw(
  bucket: R2Bucket,
  key: string,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const bytes = await guarded(async () => {
    const object = await bucket.get(key, { range: { offset: start, length: end - start } });
    return object === null ? null : new Uint8Array(await object.arrayBuffer());
  });
  if (bytes === null) throw new BodyGone(key);
  if (bytes.length !== end - start) {
    throw new StorageUnreachable('The archive gave back less than it took.');
  }
  return bytes;
}

/** Removes a body, and what it was made of. */
export const removeRaw = (bucket: R2Bucket, key: string): Promise<void> =>
  guarded(() => bucket.delete([key, originalKeyOf(key)]));

/** Moves a body that is not a payload to where it is kept for diagnosis. */
export const rejectRaw = (bucket: R2Bucket, key: string): Promise<void> =>
  moveRaw(bucket, key, rejectedKeyOf(key));

/** With what it says of itself. Nothing happens where it has been moved before. */
export const moveRaw = (bucket: R2Bucket, from: string, to: string): Promise<void> =>
  guarded(async () => {
    const object = await bucket.get(from);
    if (object === null) return;
    const { customMetadata = {} } = object;
    await bucket.put(to, object.body, { customMetadata });
    await bucket.delete(from);
  });

/** A whole body, to be read as it comes. @throws BodyGone, StorageUnreachable */
export async function openStored(bucket: R2Bucket, key: string): Promise<R2ObjectBody> {
  const object = await guarded(() => bucket.get(key));
  if (object === null) throw new BodyGone(key);
  return object;
}

/** Whatever R2 says, to us it is out of reach; its own words may hold keys, so they stay in the cause. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new StorageUnreachable('The archive cannot be reached', { cause });
  }
}
