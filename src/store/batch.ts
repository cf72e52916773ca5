import type { SeriesRows } from '../model.ts';
import type { SlicePlace } from './counts.ts';
import { seriesParameter } from './series.ts';

/**
 * What every upsert of a batch begins with: $1 user id, $2 identities of the series, $3 ingestion, $4 received_at,
 * $5 slice, $6 for each row the ordinal of its series. The columns follow from $7 on.
 */
export const batchParameters = (place: SlicePlace, batches: readonly SeriesRows<unknown>[]) =>
  [
    place.userId,
    seriesParameter(batches.map(({ series }) => series)),
    place.ingestionId,
    place.receivedAt,
    place.slice,
    ordinals(batches),
  ] as const;

const ordinals = (batches: readonly SeriesRows<unknown>[]): string =>
  `{${batches.flatMap(({ rows }, ordinal) => Array<number>(rows.length).fill(ordinal)).join(',')}}`;
