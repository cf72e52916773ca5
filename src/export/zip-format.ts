/**
 * The records of a zip archive (PKWARE APPNOTE 6.3.10, section 4.3), written without ever going back: sizes follow the
 * data in a descriptor. Pure. Libraries that stream a zip keep its directory in memory until the end; this one is
 * written in turns, by whoever takes it up.
 */

/** What the directory says of an entry. */
export interface ZipEntry {
  path: string;
  crc32: number;
  /** Before and after compression; below 4 GiB each. */
  bytes: number;
  packed: number;
  /** Of its local header, from the beginning of the archive. */
  startsAt: number;
}

/** Whole entries: nothing else may be as large. */
const MAX_32 = 0xffff_ffff;
const MAX_16 = 0xffff;

const VERSION_DEFLATE = 20;
const VERSION_ZIP64 = 45;
/** Made by a Unix: the high byte says how to read the attributes. */
const MADE_BY = (3 << 8) | VERSION_ZIP64;
/** A regular file that everyone may read. */
const MODE = 0o100644 << 16;
/** Sizes in a descriptor (bit 3), names in UTF-8 (bit 11). */
const FLAGS = 0x0808;
const DEFLATED = 8;

export function localHeader(path: string, at: Date): Uint8Array {
  const name = new TextEncoder().encode(path);
  return record(30 + name.length, ({ u16, u32, bytes }) => {
    u32(0x04034b50);
    u16(VERSION_DEFLATE, FLAGS, DEFLATED, ...dosTime(at));
    // Checksum and sizes are not known yet.
    u32(0, 0, 0);
    u16(name.length, 0);
    bytes(name);
  });
}

/** After the data of an entry. */
export const descriptor = ({ crc32, packed, bytes }: Omit<ZipEntry, 'path' | 'startsAt'>) =>
  record(16, ({ u32 }) => u32(0x08074b50, crc32, packed, bytes));

/** One entry of the central directory; with a zip64 field where the archive is past 4 GiB. */
export function centralHeader(entry: ZipEntry, at: Date): Uint8Array {
  const name = new TextEncoder().encode(entry.path);
  const isFar = entry.startsAt >= MAX_32;
  const extra = isFar ? 12 : 0;
  return record(46 + name.length + extra, ({ u16, u32, u64, bytes }) => {
    u32(0x02014b50);
    u16(MADE_BY, isFar ? VERSION_ZIP64 : VERSION_DEFLATE, FLAGS, DEFLATED, ...dosTime(at));
    u32(entry.crc32, entry.packed, entry.bytes);
    u16(name.length, extra, 0, 0, 0);
    u32(MODE >>> 0, isFar ? MAX_32 : entry.startsAt);
    bytes(name);
    if (isFar) {
      u16(0x0001, 8);
      u64(entry.startsAt);
    }
  });
}

export interface Directory {
  entries: number;
  startsAt: number;
  bytes: number;
}

/** The end of the archive; with the records of zip64 where numbers do not fit the old one. */
export function endRecords({ entries, startsAt, bytes }: Directory): Uint8Array {
  const isLarge = entries >= MAX_16 || startsAt >= MAX_32 || bytes >= MAX_32;
  return record(isLarge ? 56 + 20 + 22 : 22, ({ u16, u32, u64 }) => {
    if (isLarge) {
      u32(0x06064b50);
      u64(44);
      u16(MADE_BY, VERSION_ZIP64);
      u32(0, 0);
      u64(entries, entries, bytes, startsAt);
      u32(0x07064b50, 0);
      u64(startsAt + bytes);
      u32(1);
    }
    u32(0x06054b50);
    u16(0, 0, Math.min(entries, MAX_16), Math.min(entries, MAX_16));
    u32(Math.min(bytes, MAX_32), Math.min(startsAt, MAX_32));
    u16(0);
  });
}

/** Of MS-DOS, to two seconds, from 1980 on; in UTC, as there is no saying whose time it would be. */
function dosTime(at: Date): [time: number, day: number] {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const year = Math.max(0, at.getUTCFullYear() - 1980);
  return [time, (year << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()];
}

interface Fields {
  u16(...values: number[]): void;
  u32(...values: number[]): void;
  u64(...values: number[]): void;
  bytes(value: Uint8Array): void;
}

/** Little-endian fields, one after the other. */
function record(length: number, write: (fields: Fields) => void): Uint8Array {
  const all = new Uint8Array(length);
  const view = new DataView(all.buffer);
  let at = 0;
  const put =
    (size: number, set: (value: number) => void) =>
    (...values: number[]) => {
      for (const value of values) {
        set(value);
        at += size;
      }
    };
  write({
    u16: put(2, (value) => view.setUint16(at, value, true)),
    u32: put(4, (value) => view.setUint32(at, value, true)),
    u64: put(8, (value) => view.setBigUint64(at, BigInt(value), true)),
    bytes: (value) => {
      all.set(value, at);
      at += value.length;
    },
  });
  return all;
}
