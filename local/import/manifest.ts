import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Complaint } from '../commands/fail.ts';
import type { ZipReader } from './zip-reader.ts';

/** What an export says of itself. */
const manifest = z.object({
  format: z.literal('self-sensored export'),
  version: z.literal(1),
  person: z.object({
    email: z.string(),
    time_zone: z.string(),
    week_start: z.number(),
    units: z.record(z.string(), z.string()),
  }),
  files: z.array(
    z.object({
      path: z.string(),
      part: z.string(),
      rows: z.number().optional(),
      bytes: z.number(),
      sha256: z.string(),
    }),
  ),
});

export type Manifest = z.infer<typeof manifest>;

/** @throws Complaint if this is no export, or one of another version */
export async function readManifest(zip: ZipReader): Promise<Manifest> {
  const entry = zip.entries.get('manifest.json');
  if (entry === undefined) throw new Complaint('There is no manifest.json: this is no export.');
  const pieces: Buffer[] = [];
  for await (const piece of await zip.read(entry)) pieces.push(piece);
  const result = manifest.safeParse(JSON.parse(Buffer.concat(pieces).toString()));
  if (result.success) return result.data;
  throw new Complaint('The manifest is not one that this version reads.');
}

/** Compares every file with its checksum, before anything is stored. @throws Complaint */
export async function verifyFiles(
  zip: ZipReader,
  { files }: Manifest,
  onBytes: (bytes: number) => void,
): Promise<void> {
  let done = 0;
  for (const { path, bytes, sha256 } of files) {
    const entry = zip.entries.get(path);
    if (entry === undefined) throw new Complaint(`${path} is missing. Download the export again.`);
    const hash = createHash('sha256');
    let length = 0;
    try {
      for await (const piece of await zip.read(entry)) {
        hash.update(piece);
        length += piece.length;
      }
    } catch {
      throw new Complaint(`${path} is damaged. Download the export again.`);
    }
    if (length !== bytes || hash.digest('hex') !== sha256) {
      throw new Complaint(`${path} is not what it was. Download the export again.`);
    }
    done += bytes;
    onBytes(done);
  }
}
