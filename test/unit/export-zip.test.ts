import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 as crcOfNode, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openZip } from '../../local/import/zip-reader.ts';
import { crc32 } from '../../src/export/crc32.ts';
import {
  centralHeader,
  descriptor,
  endRecords,
  localHeader,
  type ZipEntry,
} from '../../src/export/zip-format.ts';

const AT = new Date('2026-03-02T07:41:32Z');

/** A zip of small files. */
function zipOf(files: Record<string, string>): Buffer {
  const pieces: Uint8Array[] = [];
  const entries: ZipEntry[] = [];
  let at = 0;
  const write = (piece: Uint8Array) => {
    pieces.push(piece);
    at += piece.length;
  };
  for (const [path, text] of Object.entries(files)) {
    const [plain, startsAt] = [Buffer.from(text), at];
    const packed = deflateRawSync(plain);
    const sizes = { bytes: plain.length, packed: packed.length, crc32: crc32(plain) };
    write(localHeader(path, AT));
    write(packed);
    write(descriptor(sizes));
    entries.push({ path, startsAt, ...sizes });
  }
  const startsAt = at;
  for (const entry of entries) write(centralHeader(entry, AT));
  const directory = { entries: entries.length, startsAt, bytes: at - startsAt };
  write(endRecords(directory));
  return Buffer.concat(pieces);
}

async function read(zip: Buffer) {
  const path = join(mkdtempSync(join(tmpdir(), 'zip-')), 'a.zip');
  writeFileSync(path, zip);
  return openZip(path);
}

describe('crc32', () => {
  it('is that of everyone else, whole or in pieces', () => {
    const bytes = Buffer.from('Äpfel und 123456789 Birnen'.repeat(50));
    expect(crc32(bytes)).toBe(crcOfNode(bytes));
    const first = crc32(bytes.subarray(0, 77));
    expect(crc32(bytes.subarray(77), first)).toBe(crcOfNode(bytes));
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});

describe('a zip', () => {
  it('comes back file by file', async () => {
    const files = { 'a.txt': 'one', 'folder/ä.txt': 'zwei'.repeat(1_000), 'empty.txt': '' };
    const zip = await read(zipOf(files));
    expect([...zip.entries.keys()]).toEqual(Object.keys(files));
    for (const [path, text] of Object.entries(files)) {
      const entry = zip.entries.get(path);
      if (entry === undefined) throw new Error(`${path} is missing`);
      const pieces: Buffer[] = [];
      for await (const piece of await zip.read(entry)) pieces.push(piece);
      expect(Buffer.concat(pieces).toString()).toBe(text);
    }
    await zip.close();
  });

  it('of more than 65,535 files has the records of zip64', async () => {
    const sizes = { startsAt: 0, bytes: 5, packed: 5, crc32: 1 };
    const headers = Array.from({ length: 65_536 }, (_, i) =>
      centralHeader({ path: `${i}.txt`, ...sizes }, AT),
    );
    const directory = Buffer.concat(headers);
    const end = endRecords({ entries: 65_536, startsAt: 0, bytes: directory.length });
    const bytes = Buffer.concat([directory, end]);
    expect(bytes.readUInt32LE(bytes.length - 42)).toBe(0x07064b50);
    expect(bytes.readUInt16LE(bytes.length - 12)).toBe(0xffff);
    const zip = await read(bytes);
    expect(zip.entries.size).toBe(65_536);
    expect(zip.entries.get('65535.txt')?.bytes).toBe(5);
    await zip.close();
  });

  it('past 4 GiB says where its entries are in a wider field', () => {
    const far = 5 * 2 ** 30;
    const entry = { path: 'a', startsAt: far, bytes: 1, packed: 1, crc32: 1 };
    const header = Buffer.from(centralHeader(entry, AT));
    expect(header.readUInt32LE(42)).toBe(0xffff_ffff);
    expect(header.readUInt16LE(30)).toBe(12);
    expect([header.readUInt16LE(47), header.readUInt16LE(49)]).toEqual([1, 8]);
    expect(header.readBigUInt64LE(51)).toBe(BigInt(far));
    const end = Buffer.from(endRecords({ entries: 1, startsAt: far, bytes: header.length }));
    expect(end.readUInt32LE(0)).toBe(0x06064b50);
    expect(end.readBigUInt64LE(48)).toBe(BigInt(far));
    expect(end.readBigUInt64LE(56 + 8)).toBe(BigInt(far + header.length));
    expect(end.readUInt32LE(56 + 20 + 16)).toBe(0xffff_ffff);
  });
});
