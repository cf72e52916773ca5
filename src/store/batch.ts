import type { Json, SeriesRows } from '../model.ts';
import { placeParameters, type SlicePlace } from './counts.ts';
import { seriesParameter } from './series.ts';
import { timeBounds } from './time-bounds.ts';

/**
 * Rows of many columns go as one JSON document, each with the ordinal of its series: $6 identities, $7 rows, $8 and $9
 * the first and last moment that they are stored under.
 */
export const documentParameters = <T>(
  place: SlicePlace,
  batches: readonly SeriesRows<T>[],
  { instant, columns }: { instant: (row: T) => number; columns: (row: T) => Record<string, Json> },
) =>
  [
    ...placeParameters(place),
    seriesParameter(batches.map(({ series }) => series)),
    JSON.stringify(
      batches.flatMap(({ rows }, ordinal) => rows.map((row) => ({ ordinal, ...columns(row) }))),
    ),
    ...timeBounds(batches.flatMap(({ rows }) => rows.map(instant))),
  ] as const;

/** Rows of few columns go as one array a column: $6 identities, $7 for each row the ordinal of its series. */
export const arrayParameters = (place: SlicePlace, batches: readonly SeriesRows<unknown>[]) =>
  [
    ...placeParameters(place),
    seriesParameter(batches.map(({ series }) => series)),
    ordinals(batches),
  ] as const;

export const ordinals = (batches: readonly { rows: readonly unknown[] }[]): string =>
  `{${batches.flatMap(({ rows }, ordinal) => Array<number>(rows.length).fill(ordinal)).join(',')}}`;
