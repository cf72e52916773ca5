import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { Complaint } from '../commands/fail.ts';

/** Reads a zip of any size from disk, entry by entry, by its central directory (PKWARE APPNOTE 6.3.10, section 4.3). */

export interface ZipEntry {
  path: string;
  /** Before and after compression. */
  bytes: number;
  packed: number;
  startsAt: number;
}

export interface ZipReader {
  entries: ReadonlyMap<string, ZipEntry>;
  /** The file as it was packed. */
  read(entry: ZipEntry): Promise<Readable>;
  close(): Promise<void>;
}

const END = 0x06054b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const MAX_32 = 0xffff_ffff;
/** The end record, a comment of any length, and the locator before. */
const TAIL_BYTES = 22 + 65_535 + 20;

/** @throws Complaint if it is no zip */
export async function openZip(path: string): Promise<ZipReader> {
  const file = await open(path).catch(() => {
    throw new Complaint(`${path} cannot be opened.`);
  });
  try {
    const entries = await readDirectory(file);
    return {
      entries,
      read: (entry) => readEntry(path, file, entry),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    if (error instanceof RangeError) throw new Complaint(`${path} is cut off.`);
    throw error;
  }
}

async function readAt(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}

async function readDirectory(file: FileHandle): Promise<Map<string, ZipEntry>> {
  const { size } = await file.stat();
  const length = Math.min(size, TAIL_BYTES);
  const tail = await readAt(file, size - length, length);
  const end = lastOf(tail, END);
  if (end < 0) throw new Complaint('This is no zip archive, or one that is cut off.');
  const { startsAt, bytes } = await placeOf(file, tail, end);
  const directory = await readAt(file, startsAt, bytes);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at < directory.length; ) {
    if (directory.readUInt32LE(at) !== ENTRY) throw new Complaint('The zip archive is damaged.');
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const path = directory.toString('utf8', at + 46, at + 46 + (name ?? 0));
    entries.set(path, entryOf(directory, at, path));
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
}

function lastOf(tail: Buffer, signature: number): number {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) === signature) return at;
  }
  return -1;
}

/** Where the directory is. Past 4 GiB, or 65,535 entries, a record of its own says so. */
async function placeOf(file: FileHandle, tail: Buffer, end: number) {
  const place = { bytes: tail.readUInt32LE(end + 12), startsAt: tail.readUInt32LE(end + 16) };
  if (end < 20 || tail.readUInt32LE(end - 20) !== LOCATOR_64) return place;
  const record = await readAt(file, Number(tail.readBigUInt64LE(end - 12)), 56);
  return {
    bytes: Number(record.readBigUInt64LE(40)),
    startsAt: Number(record.readBigUInt64LE(48)),
  };
}

function entryOf(directory: Buffer, at: number, path: string): ZipEntry {
  const startsAt = directory.readUInt32LE(at + 42);
  const name = directory.readUInt16LE(at + 28);
  return {
    path,
    packed: directory.readUInt32LE(at + 20),
    bytes: directory.readUInt32LE(at + 24),
    // The only field that this format has in the wide form is its place.
    startsAt: startsAt < MAX_32 ? startsAt : Number(directory.readBigUInt64LE(at + 46 + name + 4)),
  };
}

async function readEntry(
  path: string,
  file: FileHandle,
  { startsAt, packed }: ZipEntry,
): Promise<Readable> {
  const header = await readAt(file, startsAt, 30);
  const start = startsAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const source = createReadStream(path, { start, end: start + packed - 1 });
  const inflated = createInflateRaw();
  source.on('error', (error) => inflated.destroy(error));
  return source.pipe(inflated);
}
