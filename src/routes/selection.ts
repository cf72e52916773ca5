import { z } from 'zod';
import { createSourceReader } from '../hae/sources.ts';
import type { Grouping } from '../model.ts';
import { metricName } from './metric-name.ts';
import { timeZone } from './time-zone.ts';

/** Which numbers a question is about. */

const GROUPINGS = [
  'seconds',
  'minutes',
  'default',
  'hours',
  'days',
  'unknown',
] as const satisfies Grouping[];

/** A metric in a path, by any of its names. */
export const metricLike = (example: string) =>
  z
    .string()
    .min(1)
    .max(200)
    .meta({
      description: 'Name or alias of a metric; see /api/v1/metrics.',
      examples: [example],
    })
    .transform(metricName);

export const metricParameter = metricLike('step_count');

export const zoneParameter = timeZone.optional().meta({
  description: 'Whose days are meant. Without it, those of the person.',
  examples: ['Europe/Berlin'],
});

const readSource = createSourceReader();

export const selection = {
  source: z
    .union([z.string().max(500), z.array(z.string().max(500)).max(20)])
    .transform((given) => [given].flat().map((name) => readSource(name).source))
    .optional()
    .meta({ description: 'Only this source, as its samples name it. May be repeated.' }),
  grouping: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(GROUPINGS)).max(GROUPINGS.length))
    .optional()
    .meta({ description: `Only these groupings, separated by commas: ${GROUPINGS.join(', ')}.` }),
};
