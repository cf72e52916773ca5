import { z } from 'zod';
import { Item, type ItemPlace } from '../item.ts';
import { numeric, source, when } from '../wire.ts';
import { addEvent } from './events.ts';

/**
 * Sexual activity among the metrics: counts of a day (or another bucket), by protection. The same comes once more in
 * cycle tracking with its time, as a single event; the view `sexual_activity_days` counts it once. Pure.
 */

export const sexualActivitySchema = z.object({
  date: when,
  source,
  Unspecified: numeric,
  'Protection Used': numeric,
  'Protection Not Used': numeric,
  units: z.unknown().optional(),
});

const COUNTS = ['Unspecified', 'Protection Used', 'Protection Not Used'] as const;

export const isSexualActivity = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && COUNTS.some((field) => field in item);

/** Hands the point to the collector. @throws SetAside */
export function decodeSexualActivity(raw: unknown, place: ItemPlace): void {
  const item = new Item(raw, sexualActivitySchema, place);
  const { fields } = item;
  const unspecified = item.number(fields.Unspecified) ?? 0;
  const used = item.number(fields['Protection Used']) ?? 0;
  const notUsed = item.number(fields['Protection Not Used']) ?? 0;
  addEvent(item, {
    kind: 'sexual_activity',
    key: place.context.grouping,
    startedAt: item.moment(fields.date),
    name: 'Sexual Activity',
    code: 'sexual_activity',
    quantity: unspecified + used + notUsed,
    source: fields.source,
    attributes: { unspecified, protection_used: used, protection_not_used: notUsed },
    raiseOnly: place.context.partialBuckets,
  });
}
