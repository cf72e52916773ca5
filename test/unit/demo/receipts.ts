import type { DemoReceipt } from '../../../local/demo/receipts.ts';

/** A closed receipt of one slice, but for what the test says. */
export const receipt = (differing: Partial<DemoReceipt>): DemoReceipt => ({
  id: 'r',
  status: 'stored',
  bytes: 1000,
  slices: { total: 1, loaded: 1 },
  totals: { received: 4, inserted: 1, updated: 1, unchanged: 1, set_aside: 1 },
  metrics: { sleep_analysis: { received: 4, inserted: 1, updated: 1, unchanged: 1, set_aside: 1 } },
  ...differing,
});
