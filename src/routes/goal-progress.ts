import { z } from 'zod';
import { type Display, readable } from '../catalog/display.ts';
import { findMetric } from '../catalog/metrics.ts';
import { answer } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import {
  type DayValues,
  type PeriodOfGoal,
  selectPeriods,
  tally,
  toPeriod,
} from '../read/goal-progress.ts';
import type { Goal } from '../read/goals.ts';
import { day } from './day.ts';
import { unitsQuery } from './display-units.ts';
import { displayOfGoal } from './goal-terms.ts';
import { findGoal } from './goals.ts';

const periodOnTheWire = z.object({
  start: z.string().describe('First day'),
  end: z.string().describe('Last day'),
  value: z.number().nullable().describe('null: no data'),
  target: z.number().describe('That of its last day'),
  reached: z.boolean().nullable().describe('null: nothing can be said'),
  running: z.boolean().describe('Not over yet: `reached` is how it stands'),
});

const progress = z.object({
  goal_id: z.uuid(),
  metric: z.string(),
  unit: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  current_streak: z
    .int()
    .describe('Periods one after the other that reached the target, up to `to`'),
  longest_streak: z.int(),
  share_reached: z.number().nullable().describe('0 to 1, of the periods that can be judged'),
  periods: z.array(periodOnTheWire).describe('Oldest first'),
});

/** Ten years of days. */
const MOST_DAYS = 3660;
const DAY_MS = 86_400_000;

export const goalProgress = operation({
  method: 'GET',
  path: '/api/v1/goals/:id/progress',
  summary: 'Period by period what was reached, each judged by the target of its time; and streaks.',
  scope: 'read',
  quota: 'reads',
  params: z.object({ id: z.uuid() }),
  query: z.object({
    from: day.optional().describe('The first day of the goal, where none is given'),
    to: day.optional().describe('Today, where none is given'),
    ...unitsQuery,
  }),
  answer: progress,
  handler: async (c, { params: { id }, query }) => {
    const { userId } = c.get('identity');
    const { goal, today, units, weekStart } = await findGoal(c, id);
    const { from, to } = lifeWithin(goal, query, today);
    const values = valuesOf(goal.metric);
    const question = { userId, goal, values, weekStart, from, to, today };
    const rows = from > to ? [] : await c.get('database').queryAs(userId, selectPeriods(question));
    const periods = rows.map((row) => toPeriod(row, goal.direction));
    const display = displayOfGoal(goal.metric, units, query.units);
    return answer(
      c,
      {
        goal_id: id,
        metric: goal.metric,
        unit: display.unit,
        from: periods.length === 0 ? null : from,
        to: periods.length === 0 ? null : to,
        ...tally(periods, goal),
        periods: periods.map((period) => shown(period, display)),
      },
      rows.every(({ known }) => known === true) ? {} : { message: ANEW },
    );
  },
});

const ANEW =
  'Days of this metric are being made anew, since the time zone or the order of its sources has changed. Ask again in a minute.';

/** The part of the goal's life that is asked about. Today is the last day that can be judged. */
function lifeWithin(
  goal: Goal,
  { from, to }: { from?: string | undefined; to?: string | undefined },
  today: string,
): { from: string; to: string } {
  const [last = today] = [to ?? today, goal.ends_on ?? today, today].sort();
  const earliest = new Date(Date.parse(last) - MOST_DAYS * DAY_MS).toISOString().slice(0, 10);
  const [, first = earliest] = [from ?? earliest, goal.starts_on].sort();
  if (first >= earliest) return { from: first, to: last };
  const message = `At most ${MOST_DAYS} days at once: from ${earliest}, or with an earlier \`to\`.`;
  throw new HttpProblem('invalid_parameter', {
    errors: [{ pointer: 'from', code: 'too_long', message }],
  });
}

/** What adds up is one number a day, its total: the least of a week is its weakest day, not its quietest minute. */
function valuesOf(metric: string): DayValues {
  if (metric === 'sleep_analysis') return 'nights';
  return findMetric(metric)?.kind === 'sum' ? 'totals' : 'samples';
}

const shown = (period: PeriodOfGoal, display: Display): PeriodOfGoal => ({
  ...period,
  value: period.value === null ? null : readable(display.value(period.value)),
  target: display.value(period.target),
});
