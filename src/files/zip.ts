import { Inflate } from 'fflate';
import { MAX_FILES } from '../limits.ts';
import { FilesRefused, tooManyFiles } from './refused.ts';

/**
 * The files of a zip, found by its central directory (PKWARE APPNOTE 4.3.12) and unpacked as a stream: a file of a
 * few megabytes may become hundreds. fflate streams too, but from the local headers, where it must guess how long an
 * entry is. Pure.
 */

/** A file of a zip or of a form. */
export interface PackedFile {
  name: string;
  /** Its size once unpacked, as the zip says. */
  bytes: number;
  /** @throws FilesRefused if it is not what the zip says of it. */
  pieces(): Generator<Uint8Array>;
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
  return { name, bytes, pieces: () => unpack(content, method === DEFLATED, bytes) };
}

/** Deflate expands at most 1,032 times: what one piece may become stays below 9 MB. */
const PIECE_BYTES = 8 * 1024;

function* unpack(content: Uint8Array, deflated: boolean, bytes: number): Generator<Uint8Array> {
  let unpacked = 0;
  for (const piece of deflated ? inflate(content) : pieces(content)) {
    unpacked += piece.length;
    if (unpacked > bytes) break;
    yield piece;
  }
  if (unpacked !== bytes) {
    throw new FilesRefused('invalid_zip', `A file in the zip archive is broken. ${CURE}`);
  }
}

function* pieces(content: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += PIECE_BYTES) {
    yield content.subarray(at, at + PIECE_BYTES);
  }
}

function* inflate(content: Uint8Array): Generator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const stream = new Inflate((piece) => ready.push(piece));
  for (let at = 0; at < content.length; at += PIECE_BYTES) {
    try {
      stream.push(content.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= content.length);
    } catch {
      throw new FilesRefused('invalid_zip', `A file in the zip archive is broken. ${CURE}`);
    }
    yield* ready.splice(0);
  }
}
