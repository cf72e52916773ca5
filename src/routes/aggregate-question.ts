import { z } from 'zod';
import { findMetric } from '../catalog/metrics.ts';
import type { Statement } from '../database.ts';
import { HttpProblem } from '../http/problem.ts';
import {
  type AggregateQuestion,
  aggregateDays,
  aggregatePressures,
  aggregateSamples,
} from '../read/aggregate.ts';
import { AGGREGATIONS, type Bucket, isShorterThanDay, SHORTEST_MS } from '../read/buckets.ts';
import { PRESSURES } from '../read/counted.ts';
import type { Moment } from '../read/span.ts';
import { unitsQuery } from './display-units.ts';
import { instantNear, moment } from './moments.ts';
import { selection, zoneParameter } from './selection.ts';

/** What may be asked of numbers over time, and the statements that answer it. */

const DAY_MS = 86_400_000;

const MOST_METRICS = 50;
const MOST_BUCKETS = 20_000;
const MOST_EXPLAINED_MS = 92 * DAY_MS;

export const aggregateQuery = {
  from: moment.optional(),
  to: moment.optional(),
  tz: zoneParameter,
  agg: z.enum(AGGREGATIONS).optional(),
  ...selection,
  ...unitsQuery,
  fill: z.enum(['null', 'none']).default('none'),
  explain: z.enum(['0', '1']).default('0'),
};

export type Asked = z.infer<z.ZodObject<typeof aggregateQuery>>;

/** @throws HttpProblem if the question makes no sense, or its answer would be too large */
export function questionOf(
  userId: string,
  metrics: readonly string[],
  bucket: Bucket,
  asked: Asked,
): AggregateQuestion {
  metrics.forEach(requireNumbers);
  const isPressure = metrics.some((metric) => Object.hasOwn(PRESSURES, metric));
  if (asked.explain === '1' && isPressure) {
    refuse('explain', 'not_supported', 'Readings of blood pressure are not told by source.');
  }
  const to = asked.to ?? { at: Date.now() };
  const from = asked.from ?? usualStart(to, bucket);
  checkSpan(from, to, { metrics: metrics.length, bucket, explains: asked.explain === '1' });
  return {
    userId,
    metrics,
    span: { from, to, zone: asked.tz ?? null },
    bucket,
    aggregation: asked.agg ?? null,
    sources: asked.source ?? null,
    groupings: asked.grouping ?? null,
    fills: asked.fill === 'null',
  };
}

const ELSEWHERE: Readonly<Record<string, string>> = {
  blood_pressure: `It has three numbers: ask for ${Object.keys(PRESSURES).join(', ')}.`,
  sleep_analysis: 'Nights have a question of their own: GET /api/v1/sleep.',
  ecg: 'Electrocardiograms have a question of their own: GET /api/v1/ecg.',
};

function requireNumbers(metric: string): void {
  if (!Object.hasOwn(ELSEWHERE, metric)) return;
  refuse('metrics', 'not_supported', ELSEWHERE[metric] ?? '');
}

/** Where a question begins that does not say: with a whole month or year, so that the first is no part of one. */
function usualStart(to: Moment, bucket: Bucket): Moment {
  const end = new Date(instantNear(to));
  const year = end.getUTCFullYear();
  switch (bucket) {
    case 'minute':
      return { at: end.getTime() - DAY_MS };
    case 'hour':
      return { at: end.getTime() - 7 * DAY_MS };
    case 'day':
      return { at: end.getTime() - 30 * DAY_MS };
    case 'week':
      return { at: end.getTime() - 26 * 7 * DAY_MS };
    case 'month':
      return { day: dayOf(Date.UTC(year, end.getUTCMonth() - 23, 1)) };
    case 'year':
      return { day: dayOf(Date.UTC(year - 9, 0, 1)) };
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function checkSpan(
  from: Moment,
  to: Moment,
  { metrics, bucket, explains }: { metrics: number; bucket: Bucket; explains: boolean },
): void {
  const ms = instantNear(to) + ('day' in to ? DAY_MS : 0) - instantNear(from);
  // A day and an instant are compared only roughly: where a zone is, the database knows.
  const least = 'day' in from === 'day' in to ? 0 : -DAY_MS;
  if (ms <= least) refuse('to', 'ends_before_start', 'It has to lie after `from`.');
  if (metrics > MOST_METRICS) refuse('metrics', 'too_big', `At most ${MOST_METRICS} metrics.`);
  if ((ms / SHORTEST_MS[bucket]) * metrics > MOST_BUCKETS) {
    const cure = 'ask for a shorter span, a longer bucket, or fewer metrics.';
    refuse('bucket', 'too_big', `More than ${MOST_BUCKETS} buckets: ${cure}`);
  }
  if (explains && ms > MOST_EXPLAINED_MS) {
    refuse('explain', 'too_big', 'Sources are told of up to 92 days: ask for a shorter span.');
  }
}

function refuse(pointer: string, code: string, message: string): never {
  throw new HttpProblem('invalid_parameter', { errors: [{ pointer, code, message }] });
}

/** One statement for all metrics that are answered in the same way: nearly always one. */
export function statementsFor(question: AggregateQuestion): Statement[] {
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
