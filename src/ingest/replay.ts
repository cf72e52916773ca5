import { Cutter } from '../hae/cut.ts';
import type { Archived, Ingestion, Receipt } from '../model.ts';
import { streamRaw } from '../store/raw.ts';
import { type DispatchDependencies, dispatch } from './dispatch.ts';

/** The body of an upload is not in the archive any more. */
export class BodyGone extends Error {
  override name = 'BodyGone';
}

/**
 * Loads the body of an upload once more, with the decoder of today, on the same way as any upload. It has a receipt
 * of its own; what it says is as old as the upload, so it never overwrites later knowledge.
 * @param ingestion of the replay itself.
 * @throws BodyGone, StorageUnreachable, QueueUnreachable, DatabaseFault
 */
export async function replay(
  ingestion: Ingestion,
  archived: Archived,
  dependencies: DispatchDependencies & { sliceBytes: number },
): Promise<Receipt> {
  const { bucket, sliceBytes } = dependencies;
  const body = await streamRaw(bucket, archived.rawKey);
  if (body === null) throw new BodyGone('The body is no longer in the archive.');
  const cutter = new Cutter({ sliceBytes });
  let small: Uint8Array | null = new Uint8Array(0);
  for await (const piece of body) {
    cutter.push(piece);
    if (small !== null)
      small = small.length + piece.length > sliceBytes ? null : joined(small, piece);
  }
  return dispatch(ingestion, { archived, slices: cutter.end().slices, body: small }, dependencies);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
