import type { Statement } from '../database.ts';

/** The rows of goals. A change of the target keeps the former one for the days it was true of. */

export interface NewGoal {
  id: string;
  userId: string;
  metric: string;
  agg: string;
  period: string;
  direction: string;
  /** In the unit that the metric is stored in. */
  target: number;
  startsOn: string;
  endsOn: string | null;
}

export const insertGoal = (goal: NewGoal): Statement => ({
  text: `
    with made as (
      insert into goals (id, user_id, metric, agg, period, direction, starts_on, ends_on)
      values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::date, $8::date)
      returning id, starts_on
    )
    insert into goal_targets (goal_id, starts_on, target)
    select id, starts_on, $9::double precision from made`,
  params: [
    goal.id,
    goal.userId,
    goal.metric,
    goal.agg,
    goal.period,
    goal.direction,
    goal.startsOn,
    goal.endsOn,
    goal.target,
  ],
});

/** From today on, or from its start if that is yet to come; set twice in one day, the second stands. */
export const changeTarget = (id: string, target: number): Statement => ({
  text: `
    insert into goal_targets (goal_id, starts_on, target)
    select goals.id, greatest(goals.starts_on, (now() at time zone users.time_zone)::date), $2::double precision
    from goals
    join users on users.id = goals.user_id
    where goals.id = $1::uuid
    on conflict (goal_id, starts_on) do update set target = excluded.target`,
  params: [id, target],
});

export const changeEnd = (id: string, endsOn: string | null): Statement => ({
  text: 'update goals set ends_on = $2::date where id = $1::uuid',
  params: [id, endsOn],
});

export const deleteGoal = (id: string): Statement => ({
  text: 'delete from goals where id = $1::uuid',
  params: [id],
});
