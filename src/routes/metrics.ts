import { z } from 'zod';
import { canonicalName, findMetric, METRICS } from '../catalog/metrics.ts';
import { cleanText } from '../hae/sources.ts';
import { readCursor, toCursor } from '../http/cursor.ts';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { type MetricCoverage, selectCoverage, toCoverage } from '../read/coverage.ts';
import { positionOf, selectSamples, toSample } from '../read/samples.ts';
import { metricAnswer, sampleAnswer } from './answers/metric.ts';
import { instant } from './instant.ts';

/** A metric outside the catalogue, as the person's payloads named it. */
const unlisted = (name: string, [unit = '']: readonly string[]) => ({
  name,
  title: name,
  category: 'other',
  kind: 'unknown',
  unit,
  aliases: [],
});

export const listMetrics = operation({
  method: 'GET',
  path: '/api/v1/metrics',
  summary: 'The catalogue of metrics; for a read key with what this person has of each.',
  scope: 'catalogue',
  quota: 'reads',
  answer: z.array(metricAnswer),
  handler: async (c) => {
    const { kind, userId } = c.get('identity');
    if (kind !== 'read') return success(c, METRICS);
    const rows = await c.get('database').queryAs(userId, selectCoverage(userId));
    const coverage = rows.map(toCoverage);
    const known = METRICS.map((metric) => ({
      ...metric,
      has: withoutName(coverage.find((each) => each.metric === metric.name)),
    }));
    const others = coverage
      .filter(({ metric }) => findMetric(metric) === undefined)
      .map((each) => ({ ...unlisted(each.metric, each.units), has: withoutName(each) }));
    return success(c, [...known, ...others]);
  },
});

function withoutName(coverage: MetricCoverage | undefined) {
  if (coverage === undefined) return null;
  const { metric: _, ...rest } = coverage;
  return rest;
}

export const listSamples = operation({
  method: 'GET',
  path: '/api/v1/metrics/:name/samples',
  summary: 'The samples of one metric, oldest first.',
  scope: 'read',
  quota: 'reads',
  params: z.object({
    name: z
      .string()
      .min(1)
      .max(200)
      .describe('Or an alias.')
      .meta({ examples: ['step_count'] }),
  }),
  query: z.object({
    from: instant.optional(),
    to: instant.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
    cursor: z.string().optional(),
  }),
  answer: z.array(sampleAnswer),
  handler: async (c, { params: { name }, query: { from, to, limit, cursor } }) => {
    const position = readCursor(cursor, z.string().regex(/^\d{1,18}$/));
    const { userId } = c.get('identity');
    const rows = await c.get('database').queryAs(
      userId,
      selectSamples({
        userId,
        metric: findMetric(name)?.name ?? canonicalName(cleanText(name)),
        from: from ?? null,
        to: to ?? null,
        after: position === null ? null : { at: position.at, seriesId: position.id },
        limit: limit + 1,
      }),
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const hasNext = rows.length > limit && last !== undefined;
    return success(c, page.map(toSample), {
      pagination: {
        limit,
        has_next: hasNext,
        next_cursor: hasNext ? toCursor(positionOf(last)) : null,
      },
    });
  },
});
