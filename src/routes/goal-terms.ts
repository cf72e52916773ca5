import type { Context } from 'hono';
import { z } from 'zod';
import type { Display } from '../catalog/display.ts';
import { findMetric } from '../catalog/metrics.ts';
import { converter } from '../catalog/units.ts';
import type { AppEnv } from '../http/context.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Aggregate, GoalOfPerson } from '../read/goals.ts';
import { displayFor, type Units } from './display-units.ts';
import { requireMetric } from './metric-name.ts';

/** What a goal looks like on the wire, and what can be one. */

export const aggregate = z.enum(['sum', 'avg', 'min', 'max', 'last']);
export const direction = z.enum(['at_least', 'at_most']);
export const period = z.enum(['day', 'week', 'month']);
const unit = z.string().describe('Of all targets and values here');

export const goalOnTheWire = z
  .object({
    id: z.uuid(),
    metric: z.string(),
    agg: aggregate.describe('Of the samples; of the days, where a day is one number'),
    period,
    direction,
    target: z.number().describe('The last one set'),
    unit,
    starts_on: z.string(),
    ends_on: z.string().nullable().describe('The last day that counts; null: it goes on'),
    targets: z
      .array(z.object({ starts_on: z.string(), target: z.number() }))
      .describe('Oldest first; each holds until the next one starts'),
  })
  .meta({
    example: {
      id: '0b7f3c1e-7a53-4f0a-9f0e-5d2f5b0f7a11',
      metric: 'step_count',
      agg: 'sum',
      period: 'day',
      direction: 'at_least',
      target: 10_000,
      unit: 'count',
      starts_on: '2026-01-01',
      ends_on: null,
      targets: [
        { starts_on: '2026-01-01', target: 8000 },
        { starts_on: '2026-03-01', target: 10_000 },
      ],
    },
  });

export function onTheWire({ goal, units }: GoalOfPerson, wanted: Units) {
  const display = displayOfGoal(goal.metric, units, wanted);
  const targets = goal.targets.map(({ starts_on, target }) => ({
    starts_on,
    target: display.value(target),
  }));
  const { id, metric, agg, period, direction, starts_on, ends_on } = goal;
  const target = targets.at(-1)?.target;
  return {
    id,
    metric,
    agg,
    period,
    direction,
    target,
    unit: display.unit,
    starts_on,
    ends_on,
    targets,
  };
}

/** The numbers of a metric outside the catalogue are in whatever unit they came with. */
export const displayOfGoal = (
  metric: string,
  choice: GoalOfPerson['units'],
  units: Units,
): Display => displayFor({ name: metric, unit: findMetric(metric)?.unit ?? '' }, choice, units);

/** A target as it is stored. @throws HttpProblem if the unit does not measure the metric */
export function inStoredUnit(target: number, unit: string, name: string): number {
  const metric = findMetric(name);
  if (metric === undefined) return target;
  const conversion = converter(unit, metric);
  if (conversion === undefined) {
    refuse(
      '/unit',
      'unknown_unit',
      `This does not measure ${metric.title}, which is in ${metric.unit}.`,
    );
  }
  return conversion.convert(target);
}

/** @throws HttpProblem for metrics without days, and for sums of what does not add up */
export async function aggregateOf(
  c: Context<AppEnv>,
  { metric: name, agg }: { metric: string; agg?: Aggregate | undefined },
): Promise<Aggregate> {
  const metric = await requireMetric(c.get('database'), c.get('identity').userId, name, '/metric');
  if (metric === undefined) return agg ?? 'avg';
  const { kind, title } = metric;
  if (kind === 'own' && metric.name !== 'sleep_analysis') {
    refuse(
      '/metric',
      'no_days',
      `${title} has no number of a day that a goal could be compared with.`,
    );
  }
  const adds = kind === 'sum' || metric.name === 'sleep_analysis';
  if (agg === 'sum' && !adds) {
    refuse('/agg', 'does_not_add_up', `${title} does not add up. Take avg, min, max or last.`);
  }
  return agg ?? (adds ? 'sum' : 'avg');
}

/** @throws HttpProblem */
export function checkEnd(startsOn: string, endsOn: string | null): void {
  if (endsOn !== null && endsOn < startsOn) {
    refuse('/ends_on', 'ends_before_start', `The goal starts on ${startsOn}.`);
  }
}

export function refuse(pointer: string, code: string, message: string): never {
  throw new HttpProblem('invalid_parameter', { errors: [{ pointer, code, message }] });
}
