import { dateOf, instantOf, MINUTE } from './calendar.ts';
import { type Day, planDay } from './day.ts';
import { around, randomFor, round } from './random.ts';
import type { Reading } from './readings.ts';

/** The night that ended on a day, as the app sends it when sleep is aggregated. Hours, Apple Watch stages. Pure. */
export function nightBefore(day: Day): Reading['fields'] {
  const random = randomFor(day.seed, dateOf(day.number), 'sleep');
  const inBedStart = instantOf(day.number - 1, planDay(day.seed, day.number - 1).bed);
  const sleepStart = inBedStart + Math.round(around(random, 14, 9)) * MINUTE;
  const sleepEnd = instantOf(day.number, day.wake);
  const span = (sleepEnd - sleepStart) / (60 * MINUTE);
  const awake = span * around(random, 0.06, 0.03);
  const deep = span * around(random, 0.15, 0.04);
  const rem = span * around(random, 0.22, 0.05);
  const core = span - awake - deep - rem;
  return {
    totalSleep: round(core + deep + rem, 4),
    // With stages, the app counts nothing as plain sleep, and leaves the time in bed to its two ends.
    asleep: 0,
    core: round(core, 4),
    deep: round(deep, 4),
    rem: round(rem, 4),
    awake: round(awake, 4),
    inBed: 0,
    sleepStart: new Date(sleepStart),
    sleepEnd: new Date(sleepEnd),
    inBedStart: new Date(inBedStart),
    inBedEnd: new Date(sleepEnd),
  };
}
