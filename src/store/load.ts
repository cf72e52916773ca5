import { type Database, DatabaseFault, type Statement, UNIQUE_VIOLATION } from '../database.ts';
import type {
  Archived,
  Counts,
  Decoded,
  Ingestion,
  Receipt,
  SeriesIdentity,
  SeriesRows,
} from '../model.ts';
import { upsertBloodPressure } from './blood-pressure.ts';
import type { SlicePlace } from './counts.ts';
import { remakeStaleDays } from './day-totals.ts';
import { upsertElectrocardiograms } from './ecg.ts';
import { upsertEvents } from './events.ts';
import { selectReceipt, toReceipt } from './find-receipts.ts';
import { ensurePartitions, type PartitionNeeds } from './partitions.ts';
import {
  closeSlice,
  keepIssues,
  openReceipt,
  openSlice,
  receiptPartitions,
  timestamp,
} from './receipts.ts';
import { requirePerson } from './require-person.ts';
import { upsertSamples } from './samples.ts';
import { REGISTER_SERIES, seriesParameter } from './series.ts';
import { upsertNights, upsertStages } from './sleep.ts';
import { toCounts } from './sum-counts.ts';
import { upsertWorkouts } from './workouts.ts';

/** A decoded slice and the upload it is part of. */
export interface SliceLoad {
  ingestion: Ingestion;
  archived: Archived;
  slicesTotal: number;
  slice: number;
  decoded: Decoded;
}

/** What a slice became. */
export interface StoredSlice {
  /** Of the whole upload, as it is now. */
  receipt: Receipt;
  /** Of this slice alone. */
  counts: Record<string, Counts>;
}

/**
 * Stores all that a slice holds, and its part of the receipt: one transaction, one round trip.
 * @returns `null` if this slice has been stored before.
 * @throws DatabaseUnreachable, DatabaseFault
 */
export async function storeSlice(database: Database, load: SliceLoad): Promise<StoredSlice | null> {
  try {
    const rows = (await database.transaction(statements(load))).flat();
    const [receipt, closed] = [rows.at(-1), rows.at(-2)];
    if (receipt === undefined) throw new Error('The receipt of a stored slice is missing.');
    return { receipt: toReceipt(receipt), counts: toCounts(closed?.counts) };
  } catch (error) {
    if (isLoadedBefore(error)) return null;
    throw error;
  }
}

/** With hundreds of partitions the planner's costs look worth compiling for, which takes seconds and saves nothing. */
export const WITHOUT_JIT: Statement = { text: 'set local jit = off', params: [] };

const statements = (load: SliceLoad): Statement[] => [...preparing(load), ...writing(load)];

/** All that a load writes, but for what it writes into has to exist. The last statement answers with the receipt. */
export function writing(load: SliceLoad): Statement[] {
  const { ingestion, decoded } = load;
  const { issues, issueCounts } = decoded;
  const place = placeOf(load);
  return [
    ...writingRows(load),
    closeSlice(place, load, issueCounts),
    ...(issues.length > 0 ? [keepIssues(place, issues)] : []),
    selectReceipt(ingestion.id, ingestion.userId, null),
  ];
}

const placeOf = ({ ingestion, slice }: SliceLoad): SlicePlace => ({
  userId: ingestion.userId,
  ingestionId: ingestion.id,
  receivedAt: timestamp(ingestion.receivedAt),
  slice,
  saidAt: timestamp(ingestion.saidAt),
});

/** Opens the slice, and stores the rows. */
export const storing = (load: SliceLoad): Statement[] => [...preparing(load), ...writingRows(load)];

const preparing = ({ ingestion, decoded }: SliceLoad): Statement[] => [
  WITHOUT_JIT,
  requirePerson(ingestion.userId),
  ensurePartitions(partitionsFor(ingestion, decoded)),
];

function writingRows(load: SliceLoad): Statement[] {
  const { ingestion, decoded } = load;
  const place = placeOf(load);
  return [
    ...(ingestion.replayOf === null ? [] : [openReceipt(load, 'queued')]),
    openSlice(place, decoded),
    ...registerSeries(ingestion.userId, decoded),
    ...upserts(place, decoded),
    ...(decoded.samples.length > 0 ? [remakeStaleDays(ingestion.userId)] : []),
  ];
}

function upserts(place: SlicePlace, decoded: Decoded): Statement[] {
  const { samples, pressures, nights, stages, electrocardiograms, workouts, events } = decoded;
  const replacing = samples.filter(({ raiseOnly }) => !raiseOnly);
  const raising = samples.filter(({ raiseOnly }) => raiseOnly);
  return [
    ...(replacing.length > 0 ? [upsertSamples(place, replacing, false)] : []),
    ...(raising.length > 0 ? [upsertSamples(place, raising, true)] : []),
    ...(pressures.length > 0 ? [upsertBloodPressure(place, pressures)] : []),
    ...(nights.length > 0 ? [upsertNights(place, nights)] : []),
    ...(stages.length > 0 ? upsertStages(place, stages) : []),
    ...(electrocardiograms.length > 0 ? [upsertElectrocardiograms(place, electrocardiograms)] : []),
    ...(workouts.length > 0 ? upsertWorkouts(place, workouts) : []),
    ...(events.length > 0 ? upsertEvents(place, events) : []),
  ];
}

/** Every moment that a row will be stored under. */
export const partitionsFor = (ingestion: Ingestion, decoded: Decoded): PartitionNeeds => {
  const { receivedAt } = ingestion;
  const starts = decoded.workouts.map(({ startedAt }) => startedAt);
  return {
    ...receiptPartitions(ingestion),
    ingestion_slices: [receivedAt],
    set_aside: decoded.issues.length > 0 ? [receivedAt] : [],
    samples: instants(decoded.samples, ({ recordedAt }) => recordedAt),
    blood_pressure: instants(decoded.pressures, ({ recordedAt }) => recordedAt),
    sleep_nights: instants(decoded.nights, ({ endedAt }) => endedAt),
    sleep_stages: instants(decoded.stages, ({ startedAt }) => startedAt),
    ecg_recordings: instants(decoded.electrocardiograms, ({ startedAt }) => startedAt),
    workouts: starts,
    // Also of workouts without a way: a corrected start takes the one that is stored along.
    workout_routes: starts,
    workout_samples: decoded.workouts.flatMap(({ series }) => [
      ...instants(series, ({ recordedAt }) => recordedAt),
    ]),
    events: decoded.events.map(({ startedAt }) => startedAt),
  };
};

function* instants<T>(
  batches: readonly SeriesRows<T>[],
  instant: (row: T) => number,
): Iterable<number> {
  for (const { rows } of batches) for (const row of rows) yield instant(row);
}

function registerSeries(userId: string, decoded: Decoded): Statement[] {
  const { samples, pressures, nights, stages, electrocardiograms, workouts } = decoded;
  const batches: { series: SeriesIdentity }[] = [
    ...samples,
    ...pressures,
    ...nights,
    ...stages,
    ...electrocardiograms,
    ...workouts.flatMap(({ series }) => series),
  ];
  if (batches.length === 0) return [];
  const wanted = seriesParameter([...new Set(batches.map(({ series }) => series))]);
  return [{ text: REGISTER_SERIES, params: [userId, wanted] }];
}

export const isLoadedBefore = (error: unknown): boolean =>
  error instanceof DatabaseFault &&
  error.code === UNIQUE_VIOLATION &&
  (error.constraint?.startsWith('ingestion_slices') ?? false);
