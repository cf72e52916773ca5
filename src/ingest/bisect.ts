/** Finds what keeps a slice from being loaded, by halving. Pure: whoever asks brings the dry run. */

/** What a dry run of the items `[from, until)` has shown. */
export type Verdict = 'good' | 'bad' | 'too_large';

export interface Bisected {
  bad: Set<number>;
  /** Items that make a request too large all by themselves. */
  tooLarge: Set<number>;
  /** Ranges that can be loaded, each in one request, in the order of the items. */
  good: [from: number, until: number][];
  /** Whether the good ones have to be loaded range by range. */
  isSplit: boolean;
}

/** What is seen cannot be put down to single items: something else is wrong. */
export class NotTheItems extends Error {
  override name = 'NotTheItems';
}

/** Enough for a dozen bad items among ten thousand. */
export const MAX_DRY_RUNS = 600;

/** A larger share of a slice are no exceptions, but a fault of ours or of the database. */
export const MAX_BAD_SHARE = 0.05;
/** So many may be bad in a slice of any size. */
export const MIN_BAD_BOUND = 3;

/** How often an item has to fail after its first time, each time after a control that succeeds. */
export const CONFIRMATIONS = 2;

/**
 * @param dryRun of some of the items, or of none. What it throws says nothing of items, and ends the search.
 * @throws NotTheItems
 */
export async function bisect(
  items: number,
  dryRun: (from: number, until: number) => Promise<Verdict>,
): Promise<Bisected> {
  const found: Bisected = { bad: new Set(), tooLarge: new Set(), good: [], isSplit: false };
  const bound = Math.max(MIN_BAD_BOUND, Math.floor(items * MAX_BAD_SHARE));
  let dryRuns = 0;

  const run = (from: number, until: number): Promise<Verdict> => {
    if (dryRuns++ === MAX_DRY_RUNS) throw new NotTheItems('Too many dry runs');
    return dryRun(from, until);
  };

  /** A database that has come back since the item failed, or fails now and then, does not pass for a bad item. */
  const isConfirmed = async (ordinal: number, verdict: Verdict): Promise<boolean> => {
    for (let times = 0; times < CONFIRMATIONS; times++) {
      if ((await run(0, 0)) !== 'good') throw new NotTheItems('Not even nothing can be loaded');
      if ((await run(ordinal, ordinal + 1)) !== verdict) return false;
    }
    return true;
  };

  const judge = async (ordinal: number, verdict: 'bad' | 'too_large'): Promise<void> => {
    if (!(await isConfirmed(ordinal, verdict))) {
      throw new NotTheItems('An item fails only now and then');
    }
    found[verdict === 'bad' ? 'bad' : 'tooLarge'].add(ordinal);
    if (found.bad.size + found.tooLarge.size > bound) throw new NotTheItems('Too many bad items');
  };

  const search = async (from: number, until: number): Promise<void> => {
    const verdict = await run(from, until);
    if (verdict === 'good') {
      found.good.push([from, until]);
      return;
    }
    if (until - from === 1) return judge(from, verdict);
    if (verdict === 'too_large') found.isSplit = true;
    const middle = (from + until) >> 1;
    await search(from, middle);
    await search(middle, until);
  };

  if (items > 0) await search(0, items);
  return found;
}
