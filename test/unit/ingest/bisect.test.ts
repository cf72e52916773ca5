import { describe, expect, it } from 'vitest';
import {
  bisect,
  CONFIRMATIONS,
  MAX_DRY_RUNS,
  NotTheItems,
  type Verdict,
} from '../../../src/ingest/bisect.ts';

/** A database that refuses these items, and requests of more than so many. */
function database({ bad = [] as number[], tooLarge = [] as number[], largest = 1e9 } = {}) {
  const runs: [number, number][] = [];
  const holds = (items: readonly number[], from: number, until: number) =>
    items.some((item) => item >= from && item < until);
  const dryRun = async (from: number, until: number): Promise<Verdict> => {
    runs.push([from, until]);
    if (until - from > largest || holds(tooLarge, from, until)) return 'too_large';
    return holds(bad, from, until) ? 'bad' : 'good';
  };
  return { runs, dryRun };
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const lengths = (ranges: readonly [number, number][]) =>
  ranges.map(([from, until]) => until - from);

describe('bisecting', () => {
  it('finds two bad items among twelve thousand', async () => {
    const { runs, dryRun } = database({ bad: [7, 6_000] });
    const { bad, tooLarge, good, isSplit } = await bisect(12_000, dryRun);
    expect([[...bad], [...tooLarge], isSplit]).toEqual([[7, 6_000], [], false]);
    expect(lengths(good).reduce((sum, each) => sum + each)).toBe(11_998);
    expect(runs.length).toBeLessThan(80);
  });

  it.each([
    [1, [0]],
    [2, [1]],
    [10, [9]],
    [10, [0, 5, 9]],
    [100, [0, 1, 2, 50, 99]],
  ])('finds, of %d items, the bad ones %j', async (items, bad) => {
    const found = await bisect(items, database({ bad }).dryRun);
    expect([...found.bad]).toEqual(bad);
  });

  it('asks with nothing before an item counts, and asks for the item again', async () => {
    const { runs, dryRun } = database({ bad: [1] });
    await bisect(2, dryRun);
    const confirmation = [
      [0, 0],
      [1, 2],
    ];
    const expected = Array.from({ length: CONFIRMATIONS }, () => confirmation).flat();
    expect(runs.slice(-expected.length)).toEqual(expected);
  });

  it('a slice that is good by now has no bad items', async () => {
    const { bad, good } = await bisect(50, database().dryRun);
    expect([[...bad], good]).toEqual([[], [[0, 50]]]);
  });
});

describe('bisecting stops', () => {
  it('where more than a twentieth is bad', async () => {
    const every = (n: number) => numbers(100).filter((i) => i % n === 0);
    await expect(bisect(100, database({ bad: every(21) }).dryRun)).resolves.toBeDefined();
    await expect(bisect(100, database({ bad: every(17) }).dryRun)).rejects.toThrow(NotTheItems);
  });

  it('where more than three of a few are bad', async () => {
    await expect(bisect(10, database({ bad: [1, 2, 3] }).dryRun)).resolves.toBeDefined();
    await expect(bisect(10, database({ bad: [1, 2, 3, 4] }).dryRun)).rejects.toThrow(NotTheItems);
  });

  it('where everything is refused, nothing included', async () => {
    const dryRun = async (): Promise<Verdict> => 'bad';
    await expect(bisect(1, dryRun)).rejects.toThrow('Not even nothing');
    await expect(bisect(12_000, dryRun)).rejects.toThrow(NotTheItems);
  });

  it('where everything but nothing is refused', async () => {
    const { runs, dryRun } = database({ bad: numbers(12_000) });
    await expect(bisect(12_000, dryRun)).rejects.toThrow(NotTheItems);
    expect(runs.length).toBeLessThanOrEqual(MAX_DRY_RUNS);
  });

  it('where an item is good when it is asked for again', async () => {
    for (let after = 1; after <= CONFIRMATIONS; after++) {
      let failures = 0;
      const dryRun = async (from: number, until: number): Promise<Verdict> =>
        until > from && failures++ < after ? 'bad' : 'good';
      await expect(bisect(1, dryRun)).rejects.toThrow('only now and then');
    }
  });

  it('with what a dry run throws: the database has gone away between two of them', async () => {
    for (let away = 0; away < 40; away++) {
      const { runs, dryRun } = database({ bad: [7, 600] });
      const isAway = () => runs.length === away;
      const found = bisect(1_000, (from, until) => {
        if (isAway()) throw new Error('away');
        return dryRun(from, until);
      });
      await expect(found).rejects.toThrow('away');
    }
  });
});

describe('requests that are too large', () => {
  it('are made smaller until they fit', async () => {
    const { bad, tooLarge, good, isSplit } = await bisect(100, database({ largest: 30 }).dryRun);
    expect([bad.size, tooLarge.size, isSplit]).toEqual([0, 0, true]);
    expect(lengths(good)).toEqual([25, 25, 25, 25]);
  });

  it('by a single item: that item is named, and bad ones beside it', async () => {
    const found = await bisect(40, database({ tooLarge: [20], bad: [3] }).dryRun);
    expect([[...found.bad], [...found.tooLarge], found.isSplit]).toEqual([[3], [20], true]);
  });

  it('even with nothing in them say nothing of the items', async () => {
    const dryRun = async (): Promise<Verdict> => 'too_large';
    await expect(bisect(8, dryRun)).rejects.toThrow(NotTheItems);
  });
});
