import type { UnitChoice } from '../catalog/display.ts';
import type { Row, Statement } from '../database.ts';

export type Aggregate = 'sum' | 'avg' | 'min' | 'max' | 'last';
export type Period = 'day' | 'week' | 'month';
export type Direction = 'at_least' | 'at_most';

/** What a person wants of a metric. Days are `yyyy-mm-dd`, in the person's zone. */
export interface Goal {
  id: string;
  metric: string;
  agg: Aggregate;
  period: Period;
  direction: Direction;
  starts_on: string;
  /** The last day that counts; `null`: it goes on. */
  ends_on: string | null;
  /** Oldest first, in the unit that the metric is stored in; each holds until the next one starts. */
  targets: { starts_on: string; target: number }[];
}

/** A goal, and what of its person decides how it is judged and shown. */
export interface GoalOfPerson {
  goal: Goal;
  units: UnitChoice;
  /** ISO's number of the day that weeks begin with. */
  weekStart: number;
  today: string;
}

/** All goals of a person, oldest first; of one id alone, or of one metric alone, if it is given. */
export const selectGoals = (
  userId: string,
  { id = null, metric = null }: { id?: string | null; metric?: string | null } = {},
): Statement => ({
  text: `
    select
      goals.id, metric, agg, period, direction, starts_on::text, ends_on::text,
      users.units, users.week_start,
      (now() at time zone users.time_zone)::date::text as today,
      (
        select jsonb_agg(jsonb_build_object('starts_on', goal_targets.starts_on, 'target', target)
          order by goal_targets.starts_on)
        from goal_targets where goal_id = goals.id
      ) as targets
    from goals
    join users on users.id = goals.user_id
    where user_id = $1::uuid
      and ($2::uuid is null or goals.id = $2::uuid)
      and ($3::text is null or metric = $3)
    order by goals.created_at, goals.id`,
  params: [userId, id, metric],
});

export const toGoal = (row: Row): GoalOfPerson => ({
  goal: {
    id: String(row.id),
    metric: String(row.metric),
    agg: row.agg as Aggregate,
    period: row.period as Period,
    direction: row.direction as Direction,
    starts_on: String(row.starts_on),
    ends_on: row.ends_on === null ? null : String(row.ends_on),
    targets: row.targets as Goal['targets'],
  },
  units: row.units as UnitChoice,
  weekStart: Number(row.week_start),
  today: String(row.today),
});

/** What a new goal of a person is shown and begun with. */
export const selectPersonToday = (userId: string): Statement => ({
  text: `
    select units, (now() at time zone time_zone)::date::text as today,
      (select count(*)::int from goals where user_id = $1::uuid) as goals
    from users where id = $1::uuid`,
  params: [userId],
});
