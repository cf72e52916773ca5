import type { Context } from 'hono';
import type { Metric } from '../catalog/kinds.ts';
import { canonicalName, findMetric, METRICS } from '../catalog/metrics.ts';
import type { Database } from '../database.ts';
import { cleanText } from '../hae/sources.ts';
import type { AppEnv } from '../http/context.ts';
import { HttpProblem } from '../http/problem.ts';
import { didYouMean } from '../nearest.ts';
import { PRESSURES } from '../read/counted.ts';
import { selectMetricNames, toMetricName } from '../store/preferences.ts';

/** The name that a metric is stored under, from any spelling or alias. */
export const metricName = (name: string): string =>
  findMetric(name)?.name ?? canonicalName(cleanText(name));

/**
 * The metric that a request is about: of the catalogue, or one that the person has.
 *
 * @returns `undefined` for the latter, which the catalogue knows nothing about
 * @throws HttpProblem if it is neither
 */
export async function requireMetric(
  database: Database,
  userId: string,
  name: string,
  pointer: string,
): Promise<Metric | undefined> {
  const metric = findMetric(name);
  if (metric !== undefined) return metric;
  await requireOwn(database, userId, [metricName(name)], pointer);
  return undefined;
}

/**
 * The same for names that are canonical already. Asks nothing of the database where the catalogue has all of them.
 * @throws HttpProblem if one is neither in the catalogue nor the person's
 */
export async function requireMetrics(
  c: Context<AppEnv>,
  names: readonly string[],
  pointer: string,
): Promise<void> {
  const unlisted = names.filter(
    (name) => findMetric(name) === undefined && !Object.hasOwn(PRESSURES, name),
  );
  if (unlisted.length === 0) return;
  await requireOwn(c.get('database'), c.get('identity').userId, unlisted, pointer);
}

async function requireOwn(
  database: Database,
  userId: string,
  names: readonly string[],
  pointer: string,
): Promise<void> {
  const own = (await database.query(selectMetricNames(userId))).map(toMetricName);
  const missing = names.filter((name) => !own.includes(name));
  if (missing.length === 0) return;
  const known = [...METRICS.map(({ name }) => name), ...own];
  const errors = missing.map((name) => ({
    pointer,
    code: 'unknown_metric',
    message: `There is no such metric. ${didYouMean(name, known)}GET /api/v1/metrics lists all that there are.`,
  }));
  throw new HttpProblem('invalid_parameter', { errors });
}
