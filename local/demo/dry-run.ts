import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBody } from './body.ts';
import type { Upload } from './plan.ts';

/** Writes `0001-by-the-minute.json` and so on, and `requests.json` with the headers of each. Gives back the bytes of all bodies. */
export async function writeUploads(
  folder: string,
  seed: number,
  uploads: readonly Upload[],
): Promise<number> {
  await mkdir(folder, { recursive: true });
  let bytes = 0;
  const requests = [];
  for (const [i, upload] of uploads.entries()) {
    const file = `${`${i + 1}`.padStart(4, '0')}-${slug(upload.automation.name)}.json`;
    const body = writeBody(seed, upload);
    await writeFile(join(folder, file), body);
    bytes += Buffer.byteLength(body);
    requests.push({
      file,
      sent_at: new Date(upload.sentAt).toISOString(),
      headers: upload.headers,
    });
  }
  await writeFile(join(folder, 'requests.json'), `${JSON.stringify(requests, null, 2)}\n`);
  return bytes;
}

const slug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
