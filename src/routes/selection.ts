import { z } from 'zod';
import { canonicalName, findMetric } from '../catalog/metrics.ts';
import { cleanText, createSourceReader } from '../hae/sources.ts';
import type { Grouping } from '../model.ts';

/** Which numbers a question is about. */

const GROUPINGS = [
  'seconds',
  'minutes',
  'default',
  'hours',
  'days',
  'unknown',
] as const satisfies Grouping[];

/** The name that a metric is stored under, whichever of its names was given. */
export const metricNamed = (name: string): string =>
  findMetric(name)?.name ?? canonicalName(cleanText(name));

export const metricName = z
  .string()
  .min(1)
  .max(200)
  .transform(metricNamed)
  .meta({
    description: 'Name or alias of a metric; see /api/v1/metrics.',
    examples: ['step_count'],
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
