import type { Counts } from '../model.ts';

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
