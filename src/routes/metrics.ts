import { z } from 'zod';
import { findMetric, METRICS } from '../catalog/metrics.ts';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { type MetricCoverage, selectCoverage, toCoverage } from '../read/coverage.ts';
import { metricAnswer } from './answers/metric.ts';

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
