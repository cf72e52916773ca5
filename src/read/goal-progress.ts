import type { Row, Statement } from '../database.ts';
import type { Aggregate, Direction, Goal, Period } from './goals.ts';

/** What the periods of a goal come to. */

/** What a day's numbers are: those of its samples, its total as one value, or its longest plausible night. */
export type DayValues = 'samples' | 'totals' | 'nights';

export interface ProgressQuestion {
  userId: string;
  goal: Goal;
  values: DayValues;
  /** ISO's number of the day that weeks begin with. */
  weekStart: number;
  /** Days of the goal's life, both of them asked for. Their periods are judged as a whole. */
  from: string;
  to: string;
  today: string;
}

const STEPS: Record<Period, string> = { day: '1 day', week: '7 days', month: '1 month' };

/** The first day of the period that a day is in. `$8`: with which day a week begins; `$10`: the period. */
const startOf = (day: string): string => `
  case $10
    when 'week' then ${day} - (extract(isodow from ${day})::int - $8::int + 7) % 7
    when 'month' then date_trunc('month', ${day})::date
    else ${day}
  end`;

const ONE_VALUE = `1 as samples, total, total as min, total as max, total as last, day::timestamptz as last_at`;

const DAYS: Record<DayValues, string> = {
  samples: `
    select day, samples, total, min, max, last, last_at from day_totals
    where user_id = $1::uuid and metric = $2 and samples > 0`,
  totals: `
    select day, ${ONE_VALUE} from day_totals
    where user_id = $1::uuid and metric = $2 and samples > 0`,
  nights: `
    select day, ${ONE_VALUE}
    from (
      select day, max(total) as total
      from sleep_nights
      join series on series.id = series_id
      where series.user_id = $1::uuid and metric = $2 and plausible
        -- A night ends on its day in some zone; the range spares the partitions of other years.
        and ended_at >= $4::date - interval '40 days' and ended_at < $5::date + interval '40 days'
      group by day
    ) as nights`,
};

const VALUES: Record<Aggregate, string> = {
  sum: 'sum(total)',
  avg: 'sum(total) / sum(samples)',
  min: 'min(min)',
  max: 'max(max)',
  last: '(array_agg(last order by last_at desc nulls last))[1]',
};

/**
 * One row a period, oldest first: with the target of its last day, and `known` false where days of it are still being
 * made anew.
 */
export const selectPeriods = (question: ProgressQuestion): Statement => {
  const { goal, values } = question;
  return {
    text: `
      with anew as (
        select coalesce(done_until, '-infinity') as done_until from stale_metrics
        where user_id = $1::uuid and metric = $2 and $6
      ),
      periods as (
        select start::date as start, (start + $9::interval - interval '1 day')::date as last
        from generate_series((${startOf('$4::date')})::timestamp, $5::date::timestamp, $9::interval)
          as start
      ),
      valued as (
        select ${startOf('day')} as start, ${VALUES[goal.agg]} as value
        from (${DAYS[values]}) as days
        where day >= (select min(start) from periods) and day <= (select max(last) from periods)
        group by 1
      )
      select
        periods.start::text, periods.last::text, periods.last >= $7::date as running,
        coalesce(least(periods.last, $7::date) < (select done_until from anew), true) as known, value,
        (
          select target from goal_targets
          where goal_id = $3::uuid and starts_on <= periods.last
          order by starts_on desc limit 1
        ) as target
      from periods
      left join valued using (start)
      order by start`,
    params: [
      question.userId,
      goal.metric,
      goal.id,
      question.from,
      question.to,
      values === 'nights' ? 'false' : 'true',
      question.today,
      question.weekStart,
      STEPS[goal.period],
      goal.period,
    ],
  };
};

/** One period, in the unit that the metric is stored in. */
export interface PeriodOfGoal {
  start: string;
  end: string;
  value: number | null;
  target: number;
  /** `null`: nothing can be said. */
  reached: boolean | null;
  /** Not over yet: `reached` is how it stands. */
  running: boolean;
}

export function toPeriod(row: Row, direction: Direction): PeriodOfGoal {
  const isKnown = row.known === true;
  const value = isKnown && row.value !== null ? Number(row.value) : null;
  const target = Number(row.target);
  return {
    start: String(row.start),
    end: String(row.last),
    value,
    target,
    reached: isKnown ? isReached(value, target, direction) : null,
    running: row.running === true,
  };
}

/** A period without data has not reached what should be at least; of what should be at most it says nothing. */
function isReached(value: number | null, target: number, direction: Direction): boolean | null {
  if (value === null) return direction === 'at_least' ? false : null;
  return direction === 'at_least' ? value >= target : value <= target;
}

export interface Tally {
  /** Periods one after the other that reached the target, up to now. */
  current_streak: number;
  longest_streak: number;
  /** Of the periods that can be judged; `null` where there are none. */
  share_reached: number | null;
}

/**
 * Counts periods, oldest first. A period that nothing can be said of neither breaks a streak nor lengthens it; nor does
 * the running one, until it has reached its target for good.
 */
export function tally(
  periods: readonly PeriodOfGoal[],
  { agg, direction }: Pick<Goal, 'agg' | 'direction'>,
): Tally {
  const isSettled = (direction === 'at_least' ? ['sum', 'max'] : ['min']).includes(agg);
  const judged = periods.filter(
    ({ reached, running }) => reached !== null && (!running || (reached && isSettled)),
  );
  let current = 0;
  let longest = 0;
  for (const { reached } of judged) {
    current = reached ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  const reached = judged.filter((period) => period.reached).length;
  return {
    current_streak: current,
    longest_streak: longest,
    share_reached: judged.length === 0 ? null : reached / judged.length,
  };
}
