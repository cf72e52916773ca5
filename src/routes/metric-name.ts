import type { Metric } from '../catalog/kinds.ts';
import { canonicalName, findMetric } from '../catalog/metrics.ts';
import type { Database } from '../database.ts';
import { cleanText } from '../hae/sources.ts';
import { HttpProblem } from '../http/problem.ts';
import { selectHasMetric } from '../store/preferences.ts';

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
  const [row] = await database.query(selectHasMetric(userId, metricName(name)));
  if (row !== undefined) return undefined;
  const message = 'There is no such metric. GET /api/v1/metrics lists all that there are.';
  throw new HttpProblem('invalid_parameter', {
    errors: [{ pointer, code: 'unknown_metric', message }],
  });
}
