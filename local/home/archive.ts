import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import { packTar, unpackTar } from 'modern-tar/fs';
import { z } from 'zod';
import { Complaint } from '../commands/fail.ts';
import { startProgress } from '../demo/progress.ts';
import { filesBelow } from './snapshot.ts';

/** A backup is one file: a tar, packed with gzip, of a data folder and of a manifest with the checksum of each file. */

const MANIFEST = 'manifest.json';
const manifest = z.object({
  format: z.literal(1),
  made_at: z.iso.datetime(),
  /** Whether the database is in the folder, or a dump of a Postgres elsewhere. */
  database: z.enum(['embedded', 'dump']),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifest>;

/** Counts bytes on their way. */
function counted(title: string, total: number): { through: Transform; stop: () => void } {
  const progress = startProgress(`${title} (MB)`, Math.max(1, Math.ceil(total / 1e6)));
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      progress.at(Math.min(Math.ceil(bytes / 1e6), Math.ceil(total / 1e6)));
      done(null, chunk);
    },
  });
  return { through, stop: progress.stop };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** All of a folder into a file that is there whole or not at all, and that its owner alone may read. */
export async function pack(
  folder: string,
  target: string,
  database: Manifest['database'],
): Promise<Manifest> {
  const content: Manifest = { format: 1, made_at: new Date().toISOString(), database, files: [] };
  for (const path of await filesBelow(folder, '.')) {
    const file = join(folder, path);
    content.files.push({ path, bytes: (await stat(file)).size, sha256: await hashOf(file) });
  }
  const total = content.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const { through, stop } = counted('Packing', total);
  const part = `${target}.part`;
  try {
    await pipeline(
      packTar([
        { type: 'content', content: JSON.stringify(content), target: MANIFEST, mode: 0o600 },
        { type: 'directory', source: folder, target: 'data' },
      ]),
      through,
      createGzip({ level: constants.Z_BEST_SPEED }),
      createWriteStream(part, { mode: 0o600, flush: true }),
    );
    await rename(part, target);
  } finally {
    stop();
    await rm(part, { force: true });
  }
  return content;
}

/** Unpacks beside the data, and compares each file with its checksum. @throws Complaint if one is not as it was */
export async function unpack(source: string, into: string): Promise<Manifest> {
  const { through, stop } = counted('Unpacking', (await stat(source)).size);
  try {
    await pipeline(createReadStream(source), through, createGunzip(), unpackTar(into));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Complaint(
      `${source} is no whole backup (${reason}). Take another one; nothing has been changed.`,
    );
  } finally {
    stop();
  }
  const content = await readManifest(source, into);
  const present = await filesBelow(join(into, 'data'), '.');
  const missing = content.files.find(({ path }) => !present.includes(path));
  if (missing !== undefined || present.length !== content.files.length) {
    throw new Complaint(
      `${source} is damaged: it does not have the files of its list. Take another one; nothing has been changed.`,
    );
  }
  for (const { path, sha256 } of content.files) {
    if ((await hashOf(join(into, 'data', path))) === sha256) continue;
    throw new Complaint(
      `${source} is damaged: the checksum of ${path} differs. Take another one; nothing has been changed.`,
    );
  }
  return content;
}

async function readManifest(source: string, into: string): Promise<Manifest> {
  try {
    return manifest.parse(JSON.parse(await readFile(join(into, MANIFEST), 'utf8')));
  } catch {
    throw new Complaint(
      `${source} is no backup of this server: it has no list of its files. Nothing has been changed.`,
    );
  }
}
