import { lengthOfMember, MEMBER_HEADER_BYTES, type StoredRange, unpackMember } from './members.ts';
import { originalKeyOf, rejectedKeyOf } from './raw-keys.ts';
import { MemberWriter } from './raw-writer.ts';

/** The archive of raw bodies in R2. Bodies lie there packed (members.ts); those of releases up to 0.4 as they came. */

export class StorageUnreachable extends Error {
  override name = 'StorageUnreachable';
}

/** The object is there, but it is not what was stored: another attempt finds it so, too. */
export class BodyDamaged extends StorageUnreachable {
  override name = 'BodyDamaged';
}

/** The body of an upload is not in the archive any more. */
export class BodyGone extends Error {
  override name = 'BodyGone';
}

/** What a body says of itself, kept as metadata of its object. */
export type Description = Record<string, string>;

/** Which form an object has; none says that it is the body as it came. */
const FORMAT = { format: 'members' };

const isPacked = (metadata: Description | undefined): boolean => metadata?.format === FORMAT.format;

/** Where each member of a packed body ends in its object; `null` for a body that lies there as it came. */
export type MemberEnds = readonly number[] | null;

/** Takes a body as it comes. Nothing is stored before `close` has resolved. */
export interface RawWriter {
  write(piece: Uint8Array): Promise<void>;
  close(): Promise<MemberEnds>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

/** @throws StorageUnreachable, in each of its methods but `abort` */
export function openRaw(bucket: R2Bucket, key: string, description: Description): RawWriter {
  const writer = new MemberWriter(bucket, key, { ...description, ...FORMAT });
  return {
    write: (piece) => guarded(() => writer.write(piece)),
    close: () => guarded(() => writer.close()),
    abort: () => writer.abort().catch(() => {}),
  };
}

/** A body that is at hand. @throws StorageUnreachable */
export async function putRaw(
  bucket: R2Bucket,
  key: string,
  body: Uint8Array,
  description: Description = {},
): Promise<MemberEnds> {
  const writer = openRaw(bucket, key, description);
  await writer.write(body);
  return writer.close();
}

/** Keeps bytes as they are: files that are packed already. @throws StorageUnreachable */
export const putOriginal = (bucket: R2Bucket, key: string, bytes: Uint8Array): Promise<void> =>
  guarded(async () => void (await bucket.put(key, bytes)));

/** What to read of a body, and where that lies if it is packed. */
export interface RawRange {
  start: number;
  end: number;
  stored: StoredRange | null;
}

/** The bytes `[start, end)` of a body. @throws BodyGone, StorageUnreachable */
export async function readRaw(
  bucket: R2Bucket,
  key: string,
  { start, end, stored }: RawRange,
): Promise<Uint8Array> {
  if (stored === null) return readStored(bucket, key, { start, end });
  const members = await readStored(bucket, key, stored);
  return guarded(async () => {
    const bytes = new Uint8Array(end - start);
    let at = -stored.skip;
    for (let from = 0; from < members.length; ) {
      const until = from + lengthOfMember(members.subarray(from));
      const piece = await unpackMember(members.subarray(from, until));
      const wanted = piece.subarray(Math.max(0, -at), bytes.length - at);
      bytes.set(wanted, Math.max(0, at));
      at += piece.length;
      from = until;
    }
    if (at < bytes.length) throw new Error('The members end too early.');
    return bytes;
  });
}

async function readStored(
  bucket: R2Bucket,
  key: string,
  { start, end }: { start: number; end: number },
): Promise<Uint8Array<ArrayBuffer>> {
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

/** A whole body, to be read as it comes. */
export interface StoredBody {
  description: Description;
  /** @throws StorageUnreachable */
  pieces: AsyncIterable<Uint8Array>;
  /** Known once all pieces have been read. */
  readonly ends: MemberEnds;
}

/** @throws BodyGone, StorageUnreachable */
export async function openStored(bucket: R2Bucket, key: string): Promise<StoredBody> {
  const object = await guarded(() => bucket.get(key));
  if (object === null) throw new BodyGone(key);
  const { customMetadata: description = {}, body } = object;
  if (!isPacked(description)) return { description, pieces: body, ends: null };
  const ends: number[] = [];
  return { description, pieces: unpacked(body, ends), ends };
}

/** Where the members of a body end, from their headers alone. @throws BodyGone, BodyDamaged, StorageUnreachable */
export async function readEnds(bucket: R2Bucket, key: string): Promise<MemberEnds> {
  const object = await guarded(() => bucket.get(key));
  if (object === null) throw new BodyGone(key);
  if (!isPacked(object.customMetadata)) {
    await object.body.cancel();
    return null;
  }
  const ends: number[] = [];
  for await (const _ of membersIn(object.body, ends));
  return ends;
}

async function* unpacked(body: ReadableStream, ends: number[]): AsyncGenerator<Uint8Array> {
  for await (const member of membersIn(body, ends)) {
    yield await unpackMember(member).catch((cause) => {
      throw new BodyDamaged('A member cannot be unpacked', { cause });
    });
  }
}

async function* membersIn(
  body: ReadableStream,
  ends: number[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader({ mode: 'byob' });
  try {
    for (let end = 0; ; ) {
      const header = await exactly(reader, MEMBER_HEADER_BYTES);
      if (header === null) return;
      const member = new Uint8Array(lengthIn(header));
      const rest = await exactly(reader, member.length - header.length);
      if (rest === null) throw new BodyDamaged('The object ends too early');
      member.set(header);
      member.set(rest, header.length);
      end += member.length;
      ends.push(end);
      yield member;
    }
  } catch (cause) {
    if (cause instanceof BodyDamaged) throw cause;
    throw new StorageUnreachable('The archive cannot be read', { cause });
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** @throws BodyDamaged */
function lengthIn(header: Uint8Array): number {
  try {
    return lengthOfMember(header);
  } catch (cause) {
    throw new BodyDamaged('A member has no header', { cause });
  }
}

/** @returns `null` at the end. @throws BodyDamaged if it comes within */
async function exactly(
  reader: ReadableStreamBYOBReader,
  bytes: number,
): Promise<Uint8Array | null> {
  const { value } = await reader.readAtLeast(bytes, new Uint8Array(bytes));
  if (value === undefined || value.length === 0) return null;
  if (value.length < bytes) throw new BodyDamaged('The object ends too early');
  return value;
}

/** Whatever R2 says, to us it is out of reach; its own words may hold keys, so they stay in the cause. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new StorageUnreachable('The archive cannot be reached', { cause });
  }
}
