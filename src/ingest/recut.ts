import { Cutter } from '../hae/cut.ts';
import { hex } from '../hex.ts';
import type { Ingestion } from '../model.ts';
import { openStored } from '../store/raw.ts';
import { cutOf } from './cuts.ts';
import { readDescription } from './description.ts';
import type { Received } from './receive.ts';

/** What `receive` made of a body, from the archive alone. */
export interface Recut extends Received {
  isPayload: boolean;
  /** The upload that it says it is. */
  described: Ingestion | null;
}

/**
 * Reads an archived body once more, and cuts it.
 * @throws BodyGone, StorageUnreachable, InvalidJson
 */
export async function recut(bucket: R2Bucket, rawKey: string, sliceBytes: number): Promise<Recut> {
  const stored = await openStored(bucket, rawKey);
  const digest = new crypto.DigestStream('SHA-256');
  const hash = digest.getWriter();
  const cutter = new Cutter({ sliceBytes });
  let bytes = 0;
  let small: Uint8Array | null = new Uint8Array(0);
  for await (const piece of stored.pieces) {
    cutter.push(piece);
    bytes += piece.length;
    if (small !== null) small = bytes > sliceBytes ? null : joined(small, piece);
    await hash.write(piece);
  }
  await hash.close();
  const { slices, isPayload } = cutter.end();
  const sha256 = hex(await digest.digest);
  const archived = { rawKey, bytes, sha256, cut: cutOf(sliceBytes, slices) };
  const described = readDescription(stored.description);
  return { archived, slices, ends: stored.ends, body: small, isPayload, described };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
