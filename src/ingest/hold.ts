import { hex } from '../hex.ts';
import { log } from '../log.ts';
import type { Archived, HeldUpload } from '../model.ts';
import { openRaw } from '../store/raw.ts';
import { heldKeyOf } from '../store/raw-keys.ts';
import { readBody } from './body.ts';
import { describeHeld } from './description.ts';

export interface HoldOptions {
  bucket: R2Bucket;
  maxBytes: number;
}

/**
 * Archives a body whose person cannot be looked up now, as it comes: neither unpacked nor split. What it is, shows when
 * maintenance takes it in (maintenance/take-in.ts).
 * @throws BodyRefused, StorageUnreachable
 */
export async function hold(
  held: HeldUpload,
  body: ReadableStream<Uint8Array> | null,
  { bucket, maxBytes }: HoldOptions,
): Promise<Pick<Archived, 'bytes' | 'sha256'>> {
  const raw = openRaw(bucket, heldKeyOf(held.id), describeHeld(held));
  const digest = new crypto.DigestStream('SHA-256');
  const hash = digest.getWriter();
  let bytes = 0;
  try {
    for await (const piece of readBody(body ?? new Blob([]).stream(), { gzip: false, maxBytes })) {
      bytes += piece.length;
      await Promise.all([raw.write(piece), hash.write(piece)]);
    }
    await Promise.all([raw.close(), hash.close()]);
  } catch (error) {
    await Promise.all([raw.abort(), hash.abort().catch(() => {})]);
    throw error;
  }
  log('warn', 'upload held', {
    correlation_id: held.correlationId,
    ingestion_id: held.id,
    key_lookup: held.lookup,
  });
  return { bytes, sha256: hex(await digest.digest) };
}
