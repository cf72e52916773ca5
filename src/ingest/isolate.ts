import { isLoadedBefore, rehearseSlices, type StoredSlice, storeSlice } from '../store/load.ts';
import { kindOf } from './faults.ts';
import { decodeSlice, type LoadDependencies, readSliceBytes } from './load.ts';
import type { SliceJob } from './message.ts';

/** Enough for a dozen bad items among ten thousand. More are no exceptions, but a fault of ours. */
const MAX_REHEARSALS = 400;

/**
 * Loads a slice that cannot be loaded as a whole: what makes it fail is found by halving, with loads that are taken
 * back, and set aside; its neighbours are stored. The slice is one transaction still.
 * @returns also how many items were set aside; `null` if the slice had been loaded before.
 * @throws what the load throws, if no single items are to blame
 */
export async function loadWithoutBad(
  job: SliceJob,
  dependencies: LoadDependencies,
): Promise<(StoredSlice & { leftOut: number }) | null> {
  const bytes = await readSliceBytes(job, dependencies.bucket);
  const search = new Search(job, bytes, dependencies);
  await search.halve(0, job.slice.items);
  if (search.loadedBefore) return null;
  const load = decodeSlice(job, bytes, (ordinal) => search.bad.has(ordinal));
  const stored = await storeSlice(dependencies.database, load);
  return stored === null ? null : { ...stored, leftOut: search.bad.size };
}

class Search {
  readonly bad = new Set<number>();
  loadedBefore = false;
  #rehearsals = 0;
  readonly #job: SliceJob;
  readonly #bytes: Uint8Array;
  readonly #dependencies: LoadDependencies;

  constructor(job: SliceJob, bytes: Uint8Array, dependencies: LoadDependencies) {
    this.#job = job;
    this.#bytes = bytes;
    this.#dependencies = dependencies;
  }

  /** Adds the bad ones among the items `[from, until)`, which hold one at least. */
  async halve(from: number, until: number): Promise<void> {
    if (until - from <= 1) {
      for (let ordinal = from; ordinal < until; ordinal++) this.bad.add(ordinal);
      return;
    }
    const middle = (from + until) >> 1;
    for (const [first, last] of [
      [from, middle],
      [middle, until],
    ] as const) {
      if (!this.loadedBefore && !(await this.#isGood(first, last))) await this.halve(first, last);
    }
  }

  async #isGood(from: number, until: number): Promise<boolean> {
    if (this.#rehearsals++ === MAX_REHEARSALS) throw new Error('Too many items cannot be loaded');
    try {
      const load = decodeSlice(this.#job, this.#bytes, (i) => i < from || i >= until);
      await rehearseSlices(this.#dependencies.database, [load]);
      return true;
    } catch (error) {
      if (isLoadedBefore(error)) {
        this.loadedBefore = true;
        return true;
      }
      if (kindOf(error) !== 'not loadable') throw error;
      return false;
    }
  }
}
