import type { Counts } from '../model.ts';

/** In SQL: adds up the counts in `value` of a group of rows. */
export const SUM_OF_COUNTS = `
  jsonb_build_object(
    'received', sum((value ->> 'received')::bigint),
    'inserted', sum((value ->> 'inserted')::bigint),
    'updated', sum((value ->> 'updated')::bigint),
    'unchanged', sum((value ->> 'unchanged')::bigint),
    'set_aside', sum((value ->> 'set_aside')::bigint))`;

export function sumCounts(all: readonly Counts[]): Counts {
  const totals = { received: 0, inserted: 0, updated: 0, unchanged: 0, set_aside: 0 };
  for (const counts of all) {
    totals.received += counts.received;
    totals.inserted += counts.inserted;
    totals.updated += counts.updated;
    totals.unchanged += counts.unchanged;
    totals.set_aside += counts.set_aside;
  }
  return totals;
}
