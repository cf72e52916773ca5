import { z } from 'zod';
import type { Moment } from '../read/span.ts';
import { instant } from './instant.ts';

/** How questions name times. */

export const day = z.iso
  .date({ error: 'A day such as 2026-03-02' })
  .refine((text) => text >= '0001-01-01', 'A year from 0001 to 9999');

/** An instant, or a day of the person's zone. */
export const moment = z
  .union(
    [day.transform((text): Moment => ({ day: text })), instant.transform((at): Moment => ({ at }))],
    {
      error: 'A day such as 2026-03-02, or an instant such as 2026-03-02T00:00:00Z',
    },
  )
  .meta({ description: 'A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z).' });

/** Roughly, as far as it matters how long a span is. */
export const instantNear = (moment: Moment): number =>
  'at' in moment ? moment.at : Date.parse(moment.day);

/** An IANA name that both runtime and database know. Offsets they read with opposite signs. */
export const timeZone = z
  .string()
  .max(64)
  .refine(isZone, 'An IANA time zone such as Europe/Berlin')
  .meta({
    description: 'Whose days are meant. Without it, those of the person.',
    examples: ['Europe/Berlin'],
  });

function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
