import { z } from 'zod';
import type { Moment } from '../read/span.ts';
import { day } from './day.ts';
import { instant } from './instant.ts';

/** How questions name times. */

/** Local days of the first years have no place in ISO 8601. */
const instantSince1900 = instant.refine((at) => at >= Date.UTC(1900, 0, 1), 'A year from 1900 on');

/** An instant, or a day of the person's zone. */
export const moment = z
  .union(
    [
      day.transform((text): Moment => ({ day: text })),
      instantSince1900.transform((at): Moment => ({ at })),
    ],
    {
      error: 'A day such as 2026-03-02, or an instant such as 2026-03-02T00:00:00Z',
    },
  )
  .meta({ description: 'A day (2026-03-02, of the zone) or an instant (2026-03-02T00:00:00Z).' });

/** Roughly, as far as it matters how long a span is. */
export const instantNear = (moment: Moment): number =>
  'at' in moment ? moment.at : Date.parse(moment.day);
