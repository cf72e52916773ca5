import type { Context } from 'hono';
import { z } from 'zod';
import { findMetric } from '../catalog/metrics.ts';
import { answer, answerRows } from '../http/answer.ts';
import type { AppEnv } from '../http/context.ts';
import { ROW_FORMATS } from '../http/format.ts';
import { operation } from '../http/operation.ts';
import { type Aggregate, toAggregate } from '../read/aggregate.ts';
import { AGGREGATIONS, BUCKETS, type Bucket } from '../read/buckets.ts';
import { bucketOf, selectContributions, toContribution } from '../read/explain.ts';
import { type Asked, aggregateQuery, questionOf, statementsFor } from './aggregate-question.ts';
import { metricName, requireMetrics } from './metric-name.ts';
import { metricParameter } from './selection.ts';

const aggregate = z.object({
  metric: z.string(),
  agg: z.enum(AGGREGATIONS),
  start: z.iso.datetime(),
  day: z.iso.date().nullable(),
  value: z.number().nullable(),
  samples: z.int().nonnegative(),
  unit: z.string(),
  sources: z
    .array(
      z.object({
        source: z.string(),
        grouping: z.string(),
        context: z.string().nullable(),
        unit: z.string(),
        rank: z.int().positive().nullable(),
        samples: z.int().nonnegative(),
        value: z.number(),
        counted_samples: z.int().nonnegative(),
        counted_value: z.number().nullable(),
      }),
    )
    .optional()
    .meta({
      description:
        'With `explain=1`: what each source said, and how much of it counted, as it is stored.',
    }),
});

/** One metric or several, bucket by bucket. */
async function aggregates(
  c: Context<AppEnv>,
  metrics: readonly string[],
  bucket: Bucket,
  asked: Asked,
): Promise<Response> {
  const { userId } = c.get('identity');
  const question = questionOf(userId, metrics, bucket, asked);
  await requireMetrics(c, metrics, 'metrics');
  const database = c.get('database');
  const rows = await Promise.all(
    statementsFor(question).map((statement) => database.queryAs(userId, statement)),
  );
  const explains = asked.explain === '1';
  const isCanonical = asked.units === 'canonical' || explains;
  const found = rows
    .flat()
    .map((row) => toAggregate(row, question.aggregation, isCanonical))
    .sort(inOrder(metrics))
    .map(withAggregation(asked.agg));
  if (!explains) return answerRows(c, found);
  const told = await database.queryAs(userId, selectContributions(question));
  const sources = Map.groupBy(told, bucketOf);
  const explained = found.map((row) => ({
    ...row,
    sources: (sources.get(`${row.metric} ${row.start}`) ?? []).map(toContribution),
  }));
  return answer(c, explained);
}

const inOrder = (metrics: readonly string[]) => (a: Aggregate, b: Aggregate) =>
  a.start === b.start
    ? metrics.indexOf(a.metric) - metrics.indexOf(b.metric)
    : a.start < b.start
      ? -1
      : 1;

const withAggregation = (asked: Asked['agg']) => (row: Aggregate) => {
  const { metric, ...rest } = row;
  const usual = findMetric(metric)?.kind === 'sum' ? 'sum' : 'avg';
  return { metric, agg: asked ?? usual, ...rest };
};

const LIKE_ALL = {
  scope: 'read',
  quota: 'reads',
  formats: ROW_FORMATS,
  answer: z.array(aggregate),
} as const;

const aggregateMetric = operation({
  ...LIKE_ALL,
  method: 'GET',
  path: '/api/v1/metrics/:name/aggregate',
  summary: 'What a metric comes to, bucket by bucket, all sources together.',
  params: z.object({ name: metricParameter }),
  query: z.object({ bucket: z.enum(BUCKETS).default('day'), ...aggregateQuery }),
  handler: (c, { params: { name }, query: { bucket, ...asked } }) =>
    aggregates(c, [name], bucket, asked),
});

const dailyMetric = operation({
  ...LIKE_ALL,
  method: 'GET',
  path: '/api/v1/metrics/:name/daily',
  summary: 'What a metric comes to, day by day; days without a number are told of.',
  params: z.object({ name: metricParameter }),
  query: z.object({ ...aggregateQuery, fill: z.enum(['null', 'none']).default('null') }),
  handler: (c, { params: { name }, query }) => aggregates(c, [name], 'day', query),
});

const aggregateMetrics = operation({
  ...LIKE_ALL,
  method: 'GET',
  path: '/api/v1/aggregate',
  summary: 'What several metrics come to, bucket by bucket, all sources together.',
  query: z.object({
    metrics: z
      .string()
      .min(1)
      .max(5_000)
      .meta({ description: 'Names, separated by commas.', examples: ['step_count,active_energy'] })
      .transform((text) => [...new Set(text.split(',').map(metricName))]),
    bucket: z.enum(BUCKETS).default('day'),
    ...aggregateQuery,
  }),
  handler: (c, { query: { metrics, bucket, ...asked } }) => aggregates(c, metrics, bucket, asked),
});

export const aggregateRoutes = [aggregateMetric, dailyMetric, aggregateMetrics];
