import { Cutter } from '../../../src/hae/cut.ts';
import { decode } from '../../../src/hae/decode.ts';
import { InvalidJson } from '../../../src/hae/scan.ts';
import type { Decoded } from '../../../src/model.ts';

const CONTEXT = {
  receivedAt: Date.UTC(2026, 3, 1),
  timeZone: 'Europe/Vienna',
  grouping: 'unknown',
  partialBuckets: false,
} as const;

/** @returns how many items the body holds, each accounted for; `null` if it is not JSON. @throws if one is not */
export function decodeAll(body: Uint8Array, sliceBytes: number, pieceBytes: number): number | null {
  const cutter = new Cutter({ sliceBytes });
  try {
    for (let at = 0; at < body.length; at += pieceBytes) {
      cutter.push(body.subarray(at, at + pieceBytes));
    }
    const { slices } = cutter.end();
    let items = 0;
    for (const slice of slices) {
      const decoded = decode(body.subarray(slice.start, slice.end), slice, CONTEXT);
      checkCounts(decoded, slice.items);
      items += slice.items;
    }
    return items;
  } catch (error) {
    if (error instanceof InvalidJson) return null;
    throw error;
  }
}

/** What the database adds to the counts is what it gets: rows. Before that, these must make up all that came. */
function checkCounts(decoded: Decoded, items: number): void {
  const counts = [...decoded.counts.values()];
  const sum = (field: 'received' | 'unchanged' | 'set_aside') =>
    counts.reduce((total, each) => total + each[field], 0);
  const { samples, pressures, nights, stages, electrocardiograms, workouts, events } = decoded;
  const inSeries = [...samples, ...pressures, ...nights, ...stages, ...electrocardiograms];
  const rows =
    inSeries.reduce((total, each) => total + each.rows.length, 0) + workouts.length + events.length;
  if (sum('received') !== items) throw new Error(`${sum('received')} of ${items} items received`);
  const accounted = rows + sum('unchanged') + sum('set_aside');
  if (accounted !== items) throw new Error(`${accounted} of ${items} items accounted for`);
}
