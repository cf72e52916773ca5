import { dateOf, dayOfYear, weekdayOf } from './calendar.ts';
import { around, chance, type Random, randomFor } from './random.ts';

/** What kind of day it is for Ada, who does not exist: when she wakes, what she does, how she is. Pure. */

export const WATCH = 'Ada’s Apple\u00a0Watch';
export const PHONE = 'Ada’s iPhone';

/** In wheels: the week after the skiing accident, spent in a wheelchair. */
export type DayKind = 'work' | 'free' | 'sick' | 'skiing' | 'diving' | 'wheels';

export type ActivityKind = 'walk' | 'run' | 'cycle' | 'swim' | 'ski' | 'dive' | 'wheel';

export interface Activity {
  kind: ActivityKind;
  /** Minute of the day by the clock on the wall. */
  from: number;
  minutes: number;
}

export interface Day {
  seed: number;
  number: number;
  kind: DayKind;
  weekday: number;
  /** Minutes of the day by the clock on the wall. */
  wake: number;
  bed: number;
  activities: readonly Activity[];
  /** Beats a minute at rest. */
  restingHeart: number;
  /** 1 is a usual day's food. */
  appetite: number;
  /** −1 in the middle of winter, 1 in the middle of summer. */
  season: number;
}

/** Her year, by days of the year. Whatever year it is, these weeks come again. */
const WEEKS = [
  { kind: 'skiing', first: 38, last: 44 },
  { kind: 'wheels', first: 45, last: 51 },
  { kind: 'diving', first: 201, last: 207 },
  { kind: 'sick', first: 320, last: 326 },
] as const;

/** On the last day of the skiing week she falls. */
export const isDayOfFall = (day: Day): boolean => dayOfYear(day.number) === WEEKS[0].last;

/** The same day comes out the same, whichever days are made besides it. */
export function planDay(seed: number, number: number): Day {
  const random = randomFor(seed, dateOf(number), 'plan');
  const yearDay = dayOfYear(number);
  const weekday = weekdayOf(number);
  const week = WEEKS.find(({ first, last }) => yearDay >= first && yearDay <= last);
  const kind = week?.kind ?? (weekday === 0 || weekday === 6 ? 'free' : 'work');
  const sick = kind === 'sick';
  return {
    seed,
    number,
    kind,
    weekday,
    wake: Math.round(kind === 'work' ? around(random, 390, 20) : around(random, 485, 45)),
    bed: Math.round(around(random, sick ? 1260 : 1365, 40)),
    activities: planActivities(kind, weekday, random),
    restingHeart: Math.round(around(random, sick ? 64 : 55, 3)),
    appetite: around(random, sick ? 0.55 : 1, 0.2),
    season: -Math.cos(((yearDay - 20) / 365) * 2 * Math.PI),
  };
}

/** Wide enough apart that no two activities of a day share a minute. */
function planActivities(kind: DayKind, weekday: number, random: Random): Activity[] {
  const about = (activity: ActivityKind, from: number, minutes: number): Activity => ({
    kind: activity,
    from: Math.round(around(random, from, 10)),
    minutes: Math.round(around(random, minutes, minutes / 4)),
  });
  switch (kind) {
    case 'work':
      return [
        about('walk', 455, 11),
        about('walk', 740, 8),
        about('walk', 1045, 12),
        ...planTraining(weekday, random, about),
      ];
    case 'free':
      return [
        weekday === 6 ? about('run', 570, 30) : about('cycle', 600, 45),
        about('walk', 915, 22),
      ];
    case 'sick':
      return chance(random, 0.4) ? [about('walk', 700, 6)] : [];
    case 'skiing':
      return [about('ski', 590, 60), about('ski', 810, 50), about('walk', 1020, 12)];
    case 'diving':
      return [about('dive', 610, 42), about('swim', 920, 20), about('walk', 1140, 28)];
    case 'wheels':
      return [about('wheel', 620, 18), about('wheel', 900, 24)];
  }
}

function planTraining(
  weekday: number,
  random: Random,
  about: (kind: ActivityKind, from: number, minutes: number) => Activity,
): Activity[] {
  if (weekday === 2) return [about('run', 1110, 26)];
  if (weekday === 4) return [about('swim', 1115, 24)];
  return chance(random, 0.3) ? [about('walk', 1200, 14)] : [];
}
