import { z } from 'zod';
import { HEART_NOTIFICATIONS } from '../../catalog/words/heart-notifications.ts';
import { Item, type ItemPlace, SetAside } from '../item.ts';
import { quantity, source, span, text } from '../wire.ts';
import { addEvent } from './events.ts';

const points = z.array(z.unknown()).nullish();

export const heartNotificationSchema = z.object({
  heartNotification: text,
  ...span,
  threshold: quantity,
  // As one build spells it.
  threshhold: quantity,
  /** The fields of these points are not known for sure, so they are kept as they come. */
  heartRateData: points,
  hrvData: points,
  heartRate: points,
  heartRateVariation: points,
  source,
});

/** Of these as objects more is known than their columns hold. */
const OBJECTS = ['source', 'threshold', 'threshhold'] as const;

/** Hands an element of `heartRateNotifications` to the collector. @throws SetAside */
export function decodeHeartNotification(raw: unknown, place: ItemPlace): void {
  const item = new Item(raw, heartNotificationSchema, place);
  const { fields } = item;
  const name = item.text(fields.heartNotification);
  if (name === '') throw new SetAside('name_missing');
  const code = HEART_NOTIFICATIONS(name);
  const threshold = fields.threshold ?? fields.threshhold;
  addEvent(item, {
    kind: 'heart_rate_notification',
    key: code ?? name,
    ...item.span(fields),
    name,
    code,
    quantity: item.number(
      typeof threshold === 'object' && threshold !== null ? threshold.qty : threshold,
    ),
    source: fields.source,
    attributes: item.attributes(
      'heartRateData',
      'hrvData',
      'heartRate',
      'heartRateVariation',
      ...OBJECTS.filter((field) => typeof fields[field] === 'object'),
    ),
  });
}
