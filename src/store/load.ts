import { type Database, DatabaseFault, type Statement, UNIQUE_VIOLATION } from '../database.ts';
import type { Archived, Decoded, Ingestion, Receipt, SeriesRows } from '../model.ts';
import { upsertBloodPressure } from './blood-pressure.ts';
import type { SlicePlace } from './counts.ts';
import { selectReceipt, toReceipt } from './find-receipts.ts';
import { ensurePartitions } from './partitions.ts';
import { closeSlice, keepIssues, openReceipt, openSlice, timestamp } from './receipts.ts';
import { upsertSamples } from './samples.ts';
import { REGISTER_METRICS, REGISTER_SERIES, seriesParameter } from './series.ts';

/** A decoded slice and the upload it is part of. */
export interface SliceLoad {
  ingestion: Ingestion;
  archived: Archived;
  slicesTotal: number;
  slice: number;
  decoded: Decoded;
}

/**
 * Stores all that a slice holds, and its part of the receipt: one transaction, one round trip.
 * @returns the receipt as it is now, or `null` if this slice has been stored before.
 * @throws DatabaseUnreachable, DatabaseFault
 */
export async function storeSlice(database: Database, load: SliceLoad): Promise<Receipt | null> {
  try {
    const results = await database.transaction(statements(load));
    const row = results.at(-1)?.[0];
    if (row === undefined) throw new Error('The receipt of a stored slice is missing.');
    return toReceipt(row);
  } catch (error) {
    if (isLoadedBefore(error)) return null;
    throw error;
  }
}

/** With hundreds of partitions the planner's costs look worth compiling for, which takes seconds and saves nothing. */
const WITHOUT_JIT: Statement = { text: 'set local jit = off', params: [] };

function statements({ ingestion, archived, slicesTotal, slice, decoded }: SliceLoad): Statement[] {
  const { samples, pressures, counts, issues } = decoded;
  const receivedAt = ingestion.receivedAt;
  const place: SlicePlace = {
    userId: ingestion.userId,
    ingestionId: ingestion.id,
    receivedAt: timestamp(receivedAt),
    slice,
  };
  const raising = samples.filter(({ raiseOnly }) => raiseOnly);
  const replacing = samples.filter(({ raiseOnly }) => !raiseOnly);

  return [
    WITHOUT_JIT,
    ensurePartitions({
      ingestions: [receivedAt],
      ingestion_slices: [receivedAt],
      set_aside: issues.length > 0 ? [receivedAt] : [],
      samples: instants(samples),
      blood_pressure: instants(pressures),
    }),
    openReceipt(ingestion, archived, slicesTotal, 'queued'),
    openSlice(place, Object.fromEntries(counts)),
    ...registerSeries(ingestion.userId, [...samples, ...pressures]),
    ...(replacing.length > 0 ? [upsertSamples(place, replacing, false)] : []),
    ...(raising.length > 0 ? [upsertSamples(place, raising, true)] : []),
    ...(pressures.length > 0 ? [upsertBloodPressure(place, pressures)] : []),
    ...(issues.length > 0 ? [keepIssues(place, issues)] : []),
    closeSlice(place, issues.length),
    selectReceipt(ingestion.id, ingestion.userId, null),
  ];
}

function registerSeries(userId: string, batches: readonly SeriesRows<unknown>[]): Statement[] {
  if (batches.length === 0) return [];
  const wanted = seriesParameter(batches.map(({ series }) => series));
  return [
    { text: REGISTER_METRICS, params: [wanted] },
    { text: REGISTER_SERIES, params: [userId, wanted] },
  ];
}

function* instants(batches: readonly SeriesRows<{ recordedAt: number }>[]): Iterable<number> {
  for (const { rows } of batches) for (const { recordedAt } of rows) yield recordedAt;
}

const isLoadedBefore = (error: unknown): boolean =>
  error instanceof DatabaseFault &&
  error.code === UNIQUE_VIOLATION &&
  (error.constraint?.startsWith('ingestion_slices') ?? false);
