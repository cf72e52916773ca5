import { MAX_FILES } from '../limits.ts';
import { gunzip } from './gunzip.ts';
import { FilesRefused, tooManyFiles } from './refused.ts';

/**
 * The files of a zip, found by its central directory (PKWARE APPNOTE 4.3.12) and unpacked as a stream: a file of a
 * few megabytes may become hundreds. Pure.
 */

/** A file of a zip or of a form. */
export interface PackedFile {
  name: string;
  /** Its size once unpacked, as the zip says. */
  bytes: number;
  /** @throws FilesRefused if it is not what the zip says of it. */
  pieces(): AsyncGenerator<Uint8Array>;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 65_535;
const ZIP64 = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

const CURE = 'Make the archive again, or send the JSON file itself.';

/** @throws FilesRefused */
export function filesInZip(zip: Uint8Array): PackedFile[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  try {
    return readDirectory(zip, view);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FilesRefused('invalid_zip', `The zip archive is cut off. ${CURE}`);
  }
}

function readDirectory(zip: Uint8Array, view: DataView): PackedFile[] {
  const end = findEnd(view);
  const files: PackedFile[] = [];
  let at = view.getUint32(end + 16, true);
  const entries = view.getUint16(end + 10, true);
  if (entries > MAX_FILES) throw tooManyFiles('A zip archive');
  for (let left = entries; left > 0; left--) {
    if (view.getUint32(at, true) !== ENTRY) {
      throw new FilesRefused('invalid_zip', `The directory of the zip archive is broken. ${CURE}`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(
      zip.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength),
    );
    if (!name.endsWith('/')) files.push(readEntry(zip, view, at, name));
    at += ENTRY_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

/** The end record is the last thing in the archive but for a comment. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new FilesRefused('invalid_zip', `The zip archive has no end. ${CURE}`);
}

function readEntry(zip: Uint8Array, view: DataView, at: number, name: string): PackedFile {
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const packed = view.getUint32(at + 20, true);
  const bytes = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if ((view.getUint16(at + 8, true) & ENCRYPTED) !== 0) {
    throw new FilesRefused(
      'invalid_zip',
      'The zip archive is encrypted. Send it without a password.',
    );
  }
  if ([packed, bytes, local].includes(ZIP64) || (method !== STORED && method !== DEFLATED)) {
    throw new FilesRefused('invalid_zip', `The zip archive is of a kind unknown here. ${CURE}`);
  }
  const start =
    local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const content = zip.subarray(start, start + packed);
  const entry = { bytes, crc, content, isDeflated: method === DEFLATED };
  return { name, bytes, pieces: () => unpack(entry) };
}

interface Entry {
  bytes: number;
  crc: number;
  content: Uint8Array;
  isDeflated: boolean;
}

async function* unpack(entry: Entry): AsyncGenerator<Uint8Array> {
  let unpacked = 0;
  try {
    for await (const piece of gunzip(asGzip(entry))) {
      unpacked += piece.length;
      if (unpacked > entry.bytes) break;
      yield piece;
    }
  } catch {
    throw broken();
  }
  if (unpacked !== entry.bytes) throw broken();
}

const broken = () =>
  new FilesRefused('invalid_zip', `A file in the zip archive is broken. ${CURE}`);

/** RFC 1952: no name, no time, of an unknown system. */
const GZIP_HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** With checksum and length of the directory at its end, an entry is a gzip: the runtime inflates it, and checks both. */
function* asGzip({ bytes, crc, content, isDeflated }: Entry): Generator<Uint8Array> {
  yield GZIP_HEAD;
  if (isDeflated) yield content;
  else yield* storedBlocks(content);
  const tail = new DataView(new ArrayBuffer(8));
  tail.setUint32(0, crc, true);
  tail.setUint32(4, bytes, true);
  yield new Uint8Array(tail.buffer);
}

const MAX_BLOCK_BYTES = 65_535;

/** RFC 1951, 3.2.4: bytes as they are, each block after its length and the inverse of it. The last one is empty. */
function* storedBlocks(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += MAX_BLOCK_BYTES) {
    const block = content.subarray(at, at + MAX_BLOCK_BYTES);
    yield blockHead(0, block.length);
    yield block;
  }
  yield blockHead(1, 0);
}

function blockHead(isLast: 0 | 1, length: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(5));
  head.setUint8(0, isLast);
  head.setUint16(1, length, true);
  head.setUint16(3, ~length, true);
  return new Uint8Array(head.buffer);
}
