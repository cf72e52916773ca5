import type { Database } from '../database.ts';
import { decodeContext } from '../hae/context.ts';
import { decode, MAX_DECODABLE_BYTES, refuseLarge } from '../hae/decode.ts';
import type { Receipt } from '../model.ts';
import { storeSlice } from '../store/load.ts';
import { readRaw } from '../store/raw.ts';
import type { SliceJob } from './message.ts';

export interface LoadDependencies {
  database: Database;
  bucket: R2Bucket;
}

/**
 * Loads one slice: bytes → items → rows and receipt. The only way data enters the database; the API takes it for
 * small bodies, the consumer for all others.
 * @param body the slice's bytes, where they are still at hand.
 * @returns the receipt as it is now, or `null` if the slice had been loaded before.
 * @throws DatabaseUnreachable, DatabaseFault, StorageUnreachable
 */
export async function loadSlice(
  job: SliceJob,
  { database, bucket }: LoadDependencies,
  body: Uint8Array | null = null,
): Promise<Receipt | null> {
  const { ingestion, archived, slicesTotal, slice } = job;
  const decoded =
    slice.end - slice.start > MAX_DECODABLE_BYTES
      ? refuseLarge(slice)
      : decode(
          body ?? (await readRaw(bucket, archived.rawKey, slice.start, slice.end)),
          slice,
          decodeContext(ingestion),
        );
  return storeSlice(database, { ingestion, archived, slicesTotal, slice: slice.number, decoded });
}
