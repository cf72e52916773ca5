import { z } from 'zod';
import { CYCLE_EVENTS } from '../../catalog/words/cycle-events.ts';
import { CYCLE_VALUES } from '../../catalog/words/cycle-values.ts';
import { Item, type ItemPlace, SetAside } from '../item.ts';
import { flag, source, span, text } from '../wire.ts';
import { addEvent } from './events.ts';

export const cycleSchema = z.object({
  ...span,
  name: text,
  value: z.union([z.string(), z.number(), z.null()]).optional(),
  isCycleStart: flag,
  source,
});

/** Hands an element of `cycleTracking` to the collector. @throws SetAside */
export function decodeCycle(raw: unknown, place: ItemPlace): void {
  const item = new Item(raw, cycleSchema, place);
  const { fields } = item;
  const name = item.text(fields.name);
  if (name === '') throw new SetAside('name_missing');
  const code = CYCLE_EVENTS(name);
  const value = item.text(fields.value?.toString());
  addEvent(item, {
    kind: 'cycle_tracking',
    key: code ?? name,
    ...item.span(fields),
    name,
    code,
    value: value || null,
    valueCode: CYCLE_VALUES(value),
    source: fields.source,
    attributes: item.attributes('isCycleStart'),
  });
}
