import type { Counts } from '../model.ts';

const NAMES = ['received', 'inserted', 'updated', 'unchanged', 'set_aside'] as const;

/** In SQL: adds up the counts in `value` of a group of rows (migrations/0026). */
export const SUM_OF_COUNTS = `
  jsonb_build_object(${NAMES.map((name, i) => `'${name}', sum(count_at(value, ${i}))`).join(', ')})`;

/** Counts as they are stored: in the order of the names. */
export const toList = (counts: Counts): number[] => NAMES.map((name) => counts[name]);

const fromList = ([
  received = 0,
  inserted = 0,
  updated = 0,
  unchanged = 0,
  set_aside = 0,
]: readonly number[]): Counts => ({ received, inserted, updated, unchanged, set_aside });

/** By metric or section, from the column `counts` of a row. */
export const toCounts = (column: unknown): Record<string, Counts> =>
  Object.fromEntries(
    Object.entries((column ?? {}) as Record<string, number[]>).map(([name, list]) => [
      name,
      fromList(list),
    ]),
  );

export function sumCounts(all: readonly Counts[]): Counts {
  const totals = fromList([]);
  for (const counts of all) for (const name of NAMES) totals[name] += counts[name];
  return totals;
}
