import { z } from 'zod';
import { MEDICATION_STATUSES } from '../../catalog/words/medication-statuses.ts';
import { Item, type ItemPlace, SetAside } from '../item.ts';
import { flag, numeric, source, span, text, when } from '../wire.ts';
import { addEvent } from './events.ts';

export const medicationSchema = z.object({
  displayText: text,
  nickname: text,
  ...span,
  scheduledDate: when,
  dosage: numeric,
  scheduledDosage: numeric,
  units: text,
  form: text,
  status: text,
  isArchived: flag,
  codings: z.array(z.unknown()).nullish(),
  source,
});

/**
 * Hands an element of `medications` to the collector. A dose has no id: its name and the time it was planned for stand
 * for it, so that a change of its status replaces what was stored. @throws SetAside
 */
export function decodeMedication(raw: unknown, place: ItemPlace): void {
  const item = new Item(raw, medicationSchema, place);
  const { fields } = item;
  const name = item.text(fields.displayText) || item.text(fields.nickname);
  if (name === '') throw new SetAside('name_missing');
  const scheduled = item.optionalMoment(fields.scheduledDate);
  const taken = item.optionalMoment(fields.start, fields.startDate);
  const startedAt = scheduled ?? taken;
  if (startedAt === null) throw new SetAside('date_missing');
  const status = item.text(fields.status);
  addEvent(item, {
    kind: 'medication',
    key: name,
    startedAt,
    endedAt: item.optionalMoment(fields.end, fields.endDate),
    name,
    code: null,
    value: status || null,
    valueCode: MEDICATION_STATUSES(status),
    quantity: item.number(fields.dosage),
    source: fields.source,
    attributes: item.attributes(
      'nickname',
      'start',
      'scheduledDate',
      'scheduledDosage',
      'units',
      'form',
      'isArchived',
      'codings',
    ),
  });
}
