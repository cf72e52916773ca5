import { dryRunOfPart } from '../store/dry-run.ts';
import { isLoadedBefore, type StoredSlice, storeSlice } from '../store/load.ts';
import { storePart, withoutRows, withSeriesOf } from '../store/load-part.ts';
import { type Bisected, bisect, type Verdict } from './bisect.ts';
import { kindOf } from './faults.ts';
import { decodeSlice, type LoadDependencies, readSliceBytes } from './load.ts';
import type { SliceJob } from './message.ts';

export interface LoadInPartOptions extends LoadDependencies {
  /** Whether a fault that nothing explains has lasted so long that it passes for one of the items. */
  trustsUnexplained: boolean;
}

/**
 * Loads a slice that cannot be loaded as a whole. What makes it fail is found by halving, with dry runs, and set aside;
 * its neighbours are stored: in one transaction, or in several where the database takes no request of that size.
 * @returns also how many items were set aside; `null` if the slice had been loaded before.
 * @throws NotTheItems, and what a load throws
 */
export async function loadInPart(
  job: SliceJob,
  options: LoadInPartOptions,
): Promise<(StoredSlice & { setAside: number }) | null> {
  const bytes = await readSliceBytes(job, options.bucket);
  // A slice that is not what was cut has no items to look for.
  decodeSlice(job, bytes, () => 'not_loadable');
  try {
    const found = await bisect(job.slice.items, (from, until) =>
      dryRun(job, bytes, { ...options, from, until }),
    );
    const stored = found.isSplit
      ? await storeParts(job, bytes, found, options)
      : await storeSlice(options.database, decodeSlice(job, bytes, leaveOut(found)));
    return stored && { ...stored, setAside: found.bad.size + found.tooLarge.size };
  } catch (error) {
    if (isLoadedBefore(error)) return null;
    throw error;
  }
}

const leaveOut =
  ({ bad, tooLarge }: Bisected) =>
  (ordinal: number) =>
    tooLarge.has(ordinal) ? 'item_too_large' : bad.has(ordinal) ? 'not_loadable' : null;

const outside = (from: number, until: number) => (ordinal: number) =>
  ordinal < from || ordinal >= until ? 'not_loadable' : null;

async function dryRun(
  job: SliceJob,
  bytes: Uint8Array,
  { database, trustsUnexplained, from, until }: LoadInPartOptions & { from: number; until: number },
): Promise<Verdict> {
  try {
    const load = decodeSlice(job, bytes, outside(from, until));
    // Names of items that are left out for now would make the request larger than that of the others.
    await dryRunOfPart(database, { ...load, decoded: { ...load.decoded, issues: [] } });
    return 'good';
  } catch (error) {
    const kind = kindOf(error);
    if (kind === 'request_too_large') return 'too_large';
    const isOfItems = kind === 'not_loadable' || (trustsUnexplained && kind === 'unexplained');
    if (!isOfItems || isLoadedBefore(error)) throw error;
    return 'bad';
  }
}

/**
 * Stores the rows part by part, and last the slice itself with what all of them became. Whoever is interrupted begins
 * from the front: rows that are there already count as unchanged.
 */
async function storeParts(
  job: SliceJob,
  bytes: Uint8Array,
  found: Bisected,
  { database }: LoadInPartOptions,
): Promise<StoredSlice | null> {
  const whole = decodeSlice(job, bytes, leaveOut(found));
  const parts = [];
  for (const [from, until] of found.good) {
    const part = decodeSlice(job, bytes, outside(from, until));
    parts.push(await storePart(database, withSeriesOf(part, whole)));
  }
  return storeSlice(database, withoutRows(whole, parts));
}
