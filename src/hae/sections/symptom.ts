import { z } from 'zod';
import { SEVERITIES } from '../../catalog/words/severities.ts';
import { SYMPTOMS } from '../../catalog/words/symptoms.ts';
import { Item, type ItemPlace, SetAside } from '../item.ts';
import { flag, source, text, when } from '../wire.ts';
import { addEvent, until } from './events.ts';

export const symptomSchema = z.object({
  start: when,
  startDate: when,
  date: when,
  end: when,
  endDate: when,
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
  const startedAt = item.moment(fields.start, fields.startDate, fields.date);
  const endedAt = item.optionalMoment(fields.end, fields.endDate);
  if (endedAt !== null && endedAt < startedAt) throw new SetAside('ends_before_start');
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
