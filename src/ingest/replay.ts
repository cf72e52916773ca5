import type { Ingestion, Receipt } from '../model.ts';
import { type DispatchDependencies, dispatch } from './dispatch.ts';
import { recut } from './recut.ts';

/**
 * Loads the body of an upload once more, with the decoder of today, on the same way as any upload. It has a receipt
 * of its own; what it says is as old as the upload, so it never overwrites later knowledge.
 * @param ingestion of the replay itself.
 * @throws BodyGone, StorageUnreachable
 */
export async function replay(
  ingestion: Ingestion,
  rawKey: string,
  dependencies: DispatchDependencies & { sliceBytes: number },
): Promise<Receipt> {
  const received = await recut(dependencies.bucket, rawKey, dependencies.sliceBytes);
  return dispatch(ingestion, received, dependencies);
}
