import type { Context } from 'hono';
import { z } from 'zod';
import type { Statement } from '../database.ts';
import { answer } from '../http/answer.ts';
import type { AppEnv } from '../http/context.ts';
import { success } from '../http/envelope.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { type GoalOfPerson, selectGoals, selectPersonToday, toGoal } from '../read/goals.ts';
import { audit } from '../store/audit.ts';
import { changeEnd, changeTarget, deleteGoal, insertGoal } from '../store/goals.ts';
import { actorOf } from './actor.ts';
import { day } from './day.ts';
import { unitsQuery } from './display-units.ts';
import {
  aggregate,
  aggregateOf,
  checkEnd,
  direction,
  displayOfGoal,
  goalOnTheWire,
  inStoredUnit,
  onTheWire,
  period,
  refuse,
} from './goal-terms.ts';
import { metricName } from './metric-name.ts';

/** What a person wants of their metrics, day by day, week by week or month by month. */

const MOST_GOALS = 100;

const params = z.object({ id: z.uuid() });
const query = z.object(unitsQuery);

const targetIn = {
  target: z.number().describe('In the unit that the answer shows, unless `unit` names another'),
  unit: z.string().max(50).optional(),
};

const listGoals = operation({
  method: 'GET',
  path: '/api/v1/goals',
  summary: 'All goals of the person, oldest first.',
  scope: 'preferences',
  quota: 'reads',
  query: query.extend({ metric: z.string().min(1).max(200).optional() }),
  answer: z.array(goalOnTheWire),
  handler: async (c, { query: { metric, units } }) => {
    const { userId } = c.get('identity');
    const wanted = metric === undefined ? {} : { metric: metricName(metric) };
    const rows = await c.get('database').queryAs(userId, selectGoals(userId, wanted));
    return answer(
      c,
      rows.map((row) => onTheWire(toGoal(row), units)),
    );
  },
});

const getGoal = operation({
  method: 'GET',
  path: '/api/v1/goals/:id',
  summary: 'One goal, with all targets it has had.',
  scope: 'preferences',
  quota: 'reads',
  params,
  query,
  answer: goalOnTheWire,
  handler: async (c, { params: { id }, query: { units } }) =>
    answer(c, onTheWire(await findGoal(c, id), units)),
});

const createGoal = operation({
  method: 'POST',
  path: '/api/v1/goals',
  summary: 'Sets a goal: of a metric, for each day, week or month.',
  scope: 'preferences',
  quota: 'reads',
  query,
  json: z
    .strictObject({
      metric: z.string().min(1).max(200),
      agg: aggregate.optional().describe('`sum` for what adds up, else `avg`'),
      period: period.default('day'),
      direction: direction.default('at_least'),
      ...targetIn,
      starts_on: day.optional().describe('Today, where none is given'),
      ends_on: day.nullish(),
    })
    .meta({ example: { metric: 'step_count', period: 'day', target: 10_000 } }),
  answer: goalOnTheWire,
  statuses: [201],
  handler: async (c, { query: { units }, json }) => {
    const database = c.get('database');
    const { userId } = c.get('identity');
    const agg = await aggregateOf(c, json);
    const [person] = await database.query(selectPersonToday(userId));
    if (Number(person?.goals) >= MOST_GOALS) {
      refuse('/metric', 'too_many', `A person has at most ${MOST_GOALS} goals. Delete one first.`);
    }
    const metric = metricName(json.metric);
    const startsOn = json.starts_on ?? String(person?.today);
    checkEnd(startsOn, json.ends_on ?? null);
    const { period, direction } = json;
    const display = displayOfGoal(metric, person?.units as GoalOfPerson['units'], units);
    const target = inStoredUnit(json.target, json.unit ?? display.unit, metric);
    const id = crypto.randomUUID();
    const endsOn = json.ends_on ?? null;
    await write(c, id, [
      insertGoal({ id, userId, metric, agg, period, direction, target, startsOn, endsOn }),
    ]);
    return success(c, onTheWire(await findGoal(c, id), units), {
      status: 201,
      headers: { Location: `/api/v1/goals/${id}` },
    });
  },
});

const patchGoal = operation({
  method: 'PATCH',
  path: '/api/v1/goals/:id',
  summary:
    'Sets another target from today on, or another end. Past days keep the target of their time.',
  scope: 'preferences',
  quota: 'reads',
  params,
  query,
  json: z
    .strictObject({ ...targetIn, target: targetIn.target.optional(), ends_on: day.nullish() })
    .meta({ example: { target: 12_000 } }),
  answer: goalOnTheWire,
  handler: async (c, { params: { id }, query: { units }, json }) => {
    const found = await findGoal(c, id);
    const { goal, today } = found;
    const endsOn = json.ends_on === undefined ? goal.ends_on : json.ends_on;
    checkEnd(goal.starts_on, endsOn);
    const changes: Statement[] = json.ends_on === undefined ? [] : [changeEnd(id, endsOn)];
    if (json.target !== undefined) {
      if (endsOn !== null && endsOn < today) {
        refuse('/target', 'goal_ended', 'This goal has ended. Send "ends_on": null to take it up.');
      }
      const { unit } = displayOfGoal(goal.metric, found.units, units);
      changes.push(changeTarget(id, inStoredUnit(json.target, json.unit ?? unit, goal.metric)));
    }
    if (changes.length === 0) return success(c, onTheWire(found, units));
    await write(c, id, changes);
    return success(c, onTheWire(await findGoal(c, id), units));
  },
});

const removeGoal = operation({
  method: 'DELETE',
  path: '/api/v1/goals/:id',
  summary: 'Deletes a goal with its history. To keep that, give it an end.',
  scope: 'preferences',
  quota: 'reads',
  params,
  answer: z.object({ id: z.uuid(), deleted: z.literal(true) }),
  handler: async (c, { params: { id } }) => {
    await findGoal(c, id);
    await write(c, id, [deleteGoal(id)]);
    return success(c, { id, deleted: true });
  },
});

/** @throws HttpProblem if the person has no such goal */
export async function findGoal(c: Context<AppEnv>, id: string): Promise<GoalOfPerson> {
  const { userId } = c.get('identity');
  const [row] = await c.get('database').queryAs(userId, selectGoals(userId, { id }));
  if (row === undefined) throw new HttpProblem('not_found', { detail: 'There is no such goal.' });
  return toGoal(row);
}

async function write(c: Context<AppEnv>, id: string, statements: Statement[]): Promise<void> {
  const deed = {
    action: 'goal_changed',
    personId: c.get('identity').userId,
    object: id,
    details: { method: c.req.method },
  } as const;
  await c.get('database').transaction([...statements, ...audit(actorOf(c), deed, Date.now())]);
}

export const goalRoutes = [listGoals, getGoal, createGoal, patchGoal, removeGoal];
