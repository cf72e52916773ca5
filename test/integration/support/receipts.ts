import type { Receipt } from '../../../src/model.ts';

/** A closed receipt accounts for every item, in total and metric by metric. */
export function accounts(receipt: Receipt): boolean {
  return [receipt.totals, ...Object.values(receipt.metrics)].every(
    ({ received, inserted, updated, unchanged, set_aside }) =>
      received === inserted + updated + unchanged + set_aside,
  );
}
