import { isolateMeter } from '../telemetry/isolate-meter.ts';

/** What upkeep mends or finds. */
type Finding =
  | 'slices_resent'
  | 'uploads_replayed'
  | 'bodies_gone'
  | 'bodies_adopted'
  | 'bodies_rejected'
  | 'held_taken_in'
  | 'held_refused'
  | 'receipts_not_closing'
  | 'totals_differing';

/** Counts it, for `upkeep_total`. */
export function countFindings(found: Partial<Record<Finding, number>>): void {
  for (const [finding, times] of Object.entries(found)) {
    if (times > 0) isolateMeter.count('upkeep_total', { finding }, times);
  }
}
