import { inflateRawSync } from 'node:zlib';

/** Reads a whole zip in memory by its directory: an oracle that shares no code with what wrote it. */
export function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, name] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const path = zip.subarray(at + 46, at + 46 + name).toString();
    const starts = zip.readUInt32LE(at + 42);
    const data = starts + 30 + zip.readUInt16LE(starts + 26) + zip.readUInt16LE(starts + 28);
    files.set(path, inflateRawSync(zip.subarray(data, data + packed)));
    at += 46 + name + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
