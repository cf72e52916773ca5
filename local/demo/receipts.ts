import { z } from 'zod';

/** The parts of a receipt that the demo reads. */

const counts = z.object({
  received: z.number(),
  inserted: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  set_aside: z.number(),
});

export const receiptSchema = z.object({
  id: z.string(),
  status: z.enum(['queued', 'loading', 'deferred', 'stored', 'stored_with_issues', 'failed']),
  bytes: z.number(),
  slices: z.object({ total: z.number(), loaded: z.number() }),
  totals: counts,
  metrics: z.record(z.string(), counts),
});

export type DemoReceipt = z.infer<typeof receiptSchema>;

/** Whether nothing more will happen to it. */
export const isSettled = ({ status }: DemoReceipt): boolean =>
  status === 'stored' || status === 'stored_with_issues' || status === 'failed';

/** Whether every item that came in is accounted for. */
export const closes = ({ totals }: DemoReceipt): boolean =>
  totals.received === totals.inserted + totals.updated + totals.unchanged + totals.set_aside;
