import { z } from 'zod';
import { SEVERITIES } from '../../catalog/words/severities.ts';
import { SYMPTOMS } from '../../catalog/words/symptoms.ts';
import { Item, type ItemPlace, SetAside } from '../item.ts';
import { flag, source, span, text } from '../wire.ts';
import { addEvent, until } from './events.ts';

export const symptomSchema = z.object({
  ...span,
  name: text,
  severity: text,
  userEntered: flag,
  source,
});

/** Hands an element of `symptoms` to the collector. @throws SetAside */
export function decodeSymptom(raw: unknown, place: ItemPlace): void {
  const item = new Item(raw, symptomSchema, place);
  const { fields } = item;
  const name = item.text(fields.name);
  if (name === '') throw new SetAside('name_missing');
  const { startedAt, endedAt } = item.span(fields);
  const code = SYMPTOMS(name);
  const severity = item.text(fields.severity);
  addEvent(item, {
    kind: 'symptom',
    key: until(code ?? name, endedAt),
    startedAt,
    endedAt,
    name,
    code,
    value: severity || null,
    valueCode: SEVERITIES(severity),
    source: fields.source,
    attributes: item.attributes('userEntered'),
  });
}
