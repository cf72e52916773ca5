/**
 * A body at rest: gzip, in members of 256 KiB each (RFC 1952), so that any part of it can be read without what stands
 * before. A member says in its header how long it is, so whoever reads them in a row can tell them apart; to `gunzip`
 * they are one file. Decision 26.
 */

/** Of the body, in each member but the last. Larger ones pack no better: deflate looks back 32 KiB. */
export const MEMBER_BYTES = 256 * 1024;

/** The ten bytes that each gzip begins with; of these, the flags, and the flag that says that a field follows. */
const HEAD_BYTES = 10;
const FLAGS_AT = 3;
const HAS_FIELD = 4;
/** The field: its length, two letters, the length of their value, and the bytes of the whole member. */
const FIELD_BYTES = 10;
const FIELD_NAME = [0x53, 0x53];
const LENGTH_AT = HEAD_BYTES + 6;
export const MEMBER_HEADER_BYTES = HEAD_BYTES + FIELD_BYTES;

/** What cannot be packed grows by five bytes for each 16 KB at most. */
const MAX_PACKED_BYTES = MEMBER_BYTES + 4096;

/** What the runtime's streams take. */
type Bytes = Uint8Array<ArrayBuffer>;

/** Where some bytes of a body lie in its object: whole members, and how much of them to skip. */
export interface StoredRange {
  start: number;
  end: number;
  skip: number;
}

/** @param ends where each member of the body ends in its object. */
export function storedRange(
  ends: readonly number[],
  { start, end }: { start: number; end: number },
): StoredRange {
  const first = Math.floor(start / MEMBER_BYTES);
  const last = Math.max(first, Math.ceil(end / MEMBER_BYTES) - 1);
  return {
    start: first === 0 ? 0 : (ends[first - 1] ?? 0),
    end: ends[last] ?? 0,
    skip: start - first * MEMBER_BYTES,
  };
}

export async function packMember(bytes: Bytes): Promise<Bytes> {
  const gzip = await through(new CompressionStream('gzip'), bytes);
  const member = new Uint8Array(gzip.length + FIELD_BYTES);
  member.set(gzip.subarray(0, HEAD_BYTES));
  member[FLAGS_AT] = HAS_FIELD;
  member.set([FIELD_BYTES - 2, 0, ...FIELD_NAME, 4, 0], HEAD_BYTES);
  viewOf(member).setUint32(LENGTH_AT, member.length, true);
  member.set(gzip.subarray(HEAD_BYTES), MEMBER_HEADER_BYTES);
  return member;
}

/** The bytes that a member stands for. @throws if it is damaged: gzip has a checksum. */
export const unpackMember = (member: Bytes): Promise<Bytes> =>
  through(new DecompressionStream('gzip'), member);

/** How long a member is, by its header. @throws if it is none. */
export function lengthOfMember(header: Uint8Array): number {
  const isOurs =
    header.length >= MEMBER_HEADER_BYTES &&
    header[FLAGS_AT] === HAS_FIELD &&
    FIELD_NAME.every((letter, i) => header[HEAD_BYTES + 2 + i] === letter);
  const length = isOurs ? viewOf(header).getUint32(LENGTH_AT, true) : 0;
  if (length < MEMBER_HEADER_BYTES || length > MAX_PACKED_BYTES) {
    throw new Error('The object is no row of members.');
  }
  return length;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

async function through(
  { readable, writable }: CompressionStream | DecompressionStream,
  bytes: Bytes,
): Promise<Bytes> {
  const writer = writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  const [all] = await Promise.all([new Response(readable).arrayBuffer(), written]);
  return new Uint8Array(all);
}
