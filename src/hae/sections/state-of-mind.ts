import { z } from 'zod';
import { MIND_KINDS } from '../../catalog/words/mind-kinds.ts';
import { MIND_VALENCES } from '../../catalog/words/mind-valences.ts';
import { Item, type ItemPlace } from '../item.ts';
import { numeric, source, span, text } from '../wire.ts';
import { addEvent } from './events.ts';

export const stateOfMindSchema = z.object({
  id: text,
  ...span,
  kind: text,
  valence: numeric,
  /** A word on the wire, a number from 1 to 7 in the app's documentation. */
  valenceClassification: z.union([z.string(), z.number(), z.null()]).optional(),
  labels: z.array(z.unknown()).nullish(),
  associations: z.array(z.unknown()).nullish(),
  metadata: z.unknown().optional(),
  source,
});

/** Hands an element of `stateOfMind` to the collector. @throws SetAside */
export function decodeStateOfMind(raw: unknown, place: ItemPlace): void {
  const item = new Item(raw, stateOfMindSchema, place);
  const { fields } = item;
  const id = item.text(fields.id).toUpperCase();
  const kind = item.text(fields.kind);
  const classification = item.text(fields.valenceClassification?.toString());
  addEvent(item, {
    kind: 'state_of_mind',
    key: id || kind,
    keyIsUnique: id !== '',
    ...item.span(fields),
    name: kind,
    code: MIND_KINDS(kind),
    value: classification || null,
    valueCode: MIND_VALENCES(classification),
    quantity: item.number(fields.valence),
    source: fields.source,
    attributes: item.attributes('labels', 'associations', 'metadata'),
  });
}
