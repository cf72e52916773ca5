import { hex } from '../hex.ts';
import { removeRest, zipKeyOf } from '../store/export-object.ts';
import { finishExport } from '../store/exports.ts';
import { openObject, sizeOfObject } from '../store/objects.ts';
import { StorageUnreachable } from '../store/raw.ts';
import type { ExportContext } from './context.ts';
import { listFiles, toEntry, writeManifest } from './manifest.ts';

const DAYS_KEPT = 7;

/** Writes manifest and directory, and seals the zip with the hash of what the archive gives back. */
export async function closeExport(context: ExportContext, lease: string): Promise<void> {
  const { archive, bucket, database, job } = context;
  const key = zipKeyOf(job.userId, job.id);
  // It is there if a former attempt has come this far.
  if ((await sizeOfObject(bucket, key)) === null) {
    await writeManifest(archive, job, database);
    await archive.close(entriesOf(context));
  }
  const { sha256, bytes } = await hashObject(bucket, key);
  const sealed = { sha256, bytes, days: DAYS_KEPT };
  const [finished] = await database.query(finishExport(job.id, lease, sealed));
  if (job.rest > 0) await removeRest(bucket, job, job.rest);
  // Deleted meanwhile.
  if (finished === undefined) await bucket.delete(key);
}

/** Those that are committed, and the manifest. */
async function* entriesOf({ archive, database, job }: ExportContext) {
  for await (const page of listFiles(database, job.id)) yield page.map(toEntry);
  yield archive.files;
}

async function hashObject(bucket: R2Bucket, key: string) {
  const object = await openObject(bucket, key);
  if (object === null) throw new StorageUnreachable('The zip that was just written is not there');
  const hash = new crypto.DigestStream('SHA-256');
  await object.body.pipeTo(hash);
  return { sha256: hex(await hash.digest), bytes: object.size };
}
