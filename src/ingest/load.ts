import type { Database } from '../database.ts';
import { decodeContext } from '../hae/context.ts';
import { decode, MAX_DECODABLE_BYTES, refuseLarge } from '../hae/decode.ts';
import type { LeaveOut } from '../hae/payload.ts';
import type { Slice } from '../model.ts';
import { type SliceLoad, type StoredSlice, storeSlice } from '../store/load.ts';
import { readRaw } from '../store/raw.ts';
import { NotDecodable } from './faults.ts';
import type { SliceJob } from './message.ts';

export interface LoadDependencies {
  database: Database;
  bucket: R2Bucket;
}

/**
 * Loads one slice: bytes → items → rows and receipt. The only way data enters the database; the API takes it for
 * small bodies, the consumer for all others.
 * @param body the slice's bytes, where they are still at hand.
 * @returns `null` if the slice had been loaded before.
 * @throws DatabaseUnreachable, DatabaseFault, StorageUnreachable, BodyGone, NotDecodable
 */
export async function loadSlice(
  job: SliceJob,
  { database, bucket }: LoadDependencies,
  body: Uint8Array | null = null,
): Promise<StoredSlice | null> {
  return storeSlice(database, decodeSlice(job, body ?? (await readSliceBytes(job, bucket))));
}

/** The bytes of a slice; none of one that is too large to be read. @throws StorageUnreachable, BodyGone */
export const readSliceBytes = async (
  { archived, slice: { start, end }, stored }: SliceJob,
  bucket: R2Bucket,
): Promise<Uint8Array> =>
  isLarge({ start, end })
    ? new Uint8Array(0)
    : readRaw(bucket, archived.rawKey, { start, end, stored });

const isLarge = ({ start, end }: Pick<Slice, 'start' | 'end'>): boolean =>
  end - start > MAX_DECODABLE_BYTES;

/** @param leaveOut which items are set aside unseen, and why. @throws NotDecodable */
export function decodeSlice(
  { ingestion, archived, slicesTotal, slice }: SliceJob,
  bytes: Uint8Array,
  leaveOut: LeaveOut | null = null,
): SliceLoad {
  const about = { ingestion, archived, slicesTotal, slice: slice.number };
  if (isLarge(slice)) return { ...about, decoded: refuseLarge(slice) };
  try {
    return { ...about, decoded: decode(bytes, slice, decodeContext(ingestion), { leaveOut }) };
  } catch (cause) {
    throw new NotDecodable('The decoder stumbles over the slice', { cause });
  }
}
