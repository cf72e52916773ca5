import type { Context } from 'hono';
import { z } from 'zod';
import { findMetric } from '../catalog/metrics.ts';
import { answer, answerRows } from '../http/answer.ts';
import type { AppEnv } from '../http/context.ts';
import { ROW_FORMATS } from '../http/format.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import {
  type Aggregate,
  type AggregateQuestion,
  aggregateDays,
  aggregatePressures,
  aggregateSamples,
  toAggregate,
} from '../read/aggregate.ts';
import {
  AGGREGATIONS,
  BUCKETS,
  type Bucket,
  isShorterThanDay,
  SHORTEST_MS,
} from '../read/buckets.ts';
import { PRESSURES } from '../read/counted.ts';
import { bucketOf, selectContributions, toContribution } from '../read/explain.ts';
import { unitsQuery } from './display-units.ts';
import { metricName } from './metric-name.ts';
import { instantNear, moment } from './moments.ts';
import { metricParameter, selection, zoneParameter } from './selection.ts';

const DAY_MS = 86_400_000;

/** How far back a question goes that does not say. */
const USUAL_MS: Readonly<Record<Bucket, number>> = {
  minute: DAY_MS,
  hour: 7 * DAY_MS,
  day: 30 * DAY_MS,
  week: 26 * 7 * DAY_MS,
  month: 730 * DAY_MS,
  year: 3_653 * DAY_MS,
};

const MOST_METRICS = 50;
const MOST_BUCKETS = 20_000;
const MOST_EXPLAINED_MS = 92 * DAY_MS;

const common = {
  from: moment.optional(),
  to: moment.optional(),
  tz: zoneParameter,
  agg: z.enum(AGGREGATIONS).optional(),
  ...selection,
  ...unitsQuery,
  fill: z.enum(['null', 'none']).default('none'),
  explain: z.enum(['0', '1']).default('0'),
};

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

type Asked = z.infer<z.ZodObject<typeof common>>;

/** One metric or several, bucket by bucket. */
async function aggregates(
  c: Context<AppEnv>,
  metrics: readonly string[],
  bucket: Bucket,
  asked: Asked,
) {
  const now = Date.now();
  const to = asked.to ?? { at: now };
  const from = asked.from ?? { at: instantNear(to) - USUAL_MS[bucket] };
  const ms = instantNear(to) + ('day' in to ? DAY_MS : 0) - instantNear(from);
  checkSize(ms, metrics.length, bucket);
  if (asked.explain === '1' && ms > MOST_EXPLAINED_MS) {
    refuse('explain', 'too_big', 'Sources are told of up to 92 days: ask for a shorter span.');
  }
  const question = {
    userId: c.get('identity').userId,
    span: { from, to, zone: asked.tz ?? null },
    bucket,
    aggregation: asked.agg ?? null,
    sources: asked.source ?? null,
    groupings: asked.grouping ?? null,
    fills: asked.fill === 'null',
  };
  const database = c.get('database');
  const rows = await Promise.all(
    statementsFor({ ...question, metrics }).map((statement) =>
      database.queryAs(question.userId, statement),
    ),
  );
  const isCanonical = asked.units === 'canonical' || asked.explain === '1';
  const found = rows
    .flat()
    .map((row) => toAggregate(row, question.aggregation, isCanonical))
    .sort(inOrder(metrics))
    .map(withAggregation(asked.agg));
  if (asked.explain === '0') return answerRows(c, found);
  const told = await database.queryAs(
    question.userId,
    selectContributions({ ...question, metrics }),
  );
  const sources = Map.groupBy(told, bucketOf);
  return answer(
    c,
    found.map((row) => ({
      ...row,
      sources: (sources.get(`${row.metric} ${row.start}`) ?? []).map(toContribution),
    })),
  );
}

/** One statement for all metrics that are answered in the same way: nearly always one. */
function statementsFor(question: AggregateQuestion) {
  const { metrics, bucket, aggregation } = question;
  const isPercentile = aggregation === 'p50' || aggregation === 'p95';
  const wayOf = (metric: string) => {
    if (Object.hasOwn(PRESSURES, metric)) return aggregatePressures;
    if (isShorterThanDay(bucket)) return aggregateSamples;
    const adds = findMetric(metric)?.kind === 'sum';
    return isPercentile && (bucket === 'day' || !adds) ? aggregateSamples : aggregateDays;
  };
  return [...Map.groupBy(metrics, wayOf)].map(([way, names]) =>
    way({ ...question, metrics: names }),
  );
}

function refuse(pointer: string, code: string, message: string): never {
  throw new HttpProblem('invalid_parameter', { errors: [{ pointer, code, message }] });
}

function checkSize(ms: number, metrics: number, bucket: Bucket): void {
  if (ms <= 0) refuse('to', 'ends_before_start', 'It has to lie after `from`.');
  if (metrics > MOST_METRICS) refuse('metrics', 'too_big', `At most ${MOST_METRICS} metrics.`);
  if ((ms / SHORTEST_MS[bucket]) * metrics <= MOST_BUCKETS) return;
  const message = `More than ${MOST_BUCKETS} buckets: ask for a shorter span, a longer bucket, or fewer metrics.`;
  refuse('bucket', 'too_big', message);
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
  query: z.object({ bucket: z.enum(BUCKETS).default('day'), ...common }),
  handler: (c, { params: { name }, query: { bucket, ...asked } }) =>
    aggregates(c, [name], bucket, asked),
});

const dailyMetric = operation({
  ...LIKE_ALL,
  method: 'GET',
  path: '/api/v1/metrics/:name/daily',
  summary: 'What a metric comes to, day by day; days without a number are told of.',
  params: z.object({ name: metricParameter }),
  query: z.object({ ...common, fill: z.enum(['null', 'none']).default('null') }),
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
      .transform((text) => [...new Set(text.split(',').map(metricName))])
      .meta({ description: 'Names, separated by commas.', examples: ['step_count,active_energy'] }),
    bucket: z.enum(BUCKETS).default('day'),
    ...common,
  }),
  handler: (c, { query: { metrics, bucket, ...asked } }) => aggregates(c, metrics, bucket, asked),
});

export const aggregateRoutes = [aggregateMetric, dailyMetric, aggregateMetrics];
