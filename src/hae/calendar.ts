import { tzOffset } from '@date-fns/tz/tzOffset';

/** The Gregorian calendar and the clock, in milliseconds; NaN for days, times and zones that do not exist. Pure. */

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Days from 1 March of the year 0 to 1 January 1970. */
const DAYS_TO_1970 = 719_468;

/** Midnight UTC of the day. By hand, because `Date.UTC` rolls over and takes the years below 100 for 19xx. */
export function dayMs(year: number, month: number, day: number): number {
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  if (day > 28 && day > daysIn(year, month)) return Number.NaN;
  // Years from March on put the leap day last, and the months before a month into one formula.
  const fromMarch = month > 2 ? month - 3 : month + 9;
  const marchYear = month > 2 ? year : year - 1;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const monthDays = Math.floor((153 * fromMarch + 2) / 5);
  return (marchYear * 365 + leapDays + monthDays + day - 1 - DAYS_TO_1970) * DAY_MS;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

export function timeMs(hour: number, minute: number, second: number): number {
  const exists =
    hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
  return exists ? ((hour * 60 + minute) * 60 + second) * SECOND_MS : Number.NaN;
}

/** Offsets in use end at 14 hours; 18 is where common date libraries end. */
export function offsetMs(hours: number, minutes: number): number {
  const exists = hours >= 0 && minutes >= 0 && minutes <= 59 && hours * 60 + minutes <= 18 * 60;
  return exists ? (hours * 60 + minutes) * MINUTE_MS : Number.NaN;
}

/** The moment at which clocks in `zone` show the wall time (milliseconds, as if it were UTC). */
export function momentIn(zone: string, wall: number): number {
  const before = zoneOffsetMs(zone, wall - DAY_MS);
  if (zoneOffsetMs(zone, wall - before) === before) return wall - before;
  const after = zoneOffsetMs(zone, wall + DAY_MS);
  if (zoneOffsetMs(zone, wall - after) === after) return wall - after;
  // Skipped by the clock: by the offset from before the change it lies as far behind the change as into the gap.
  return wall - before;
}

const zoneOffsetMs = (zone: string, at: number): number =>
  Math.round(tzOffset(zone, new Date(at)) * MINUTE_MS);

/** The day, `yyyy-mm-dd`, that clocks in `zone` show at a moment. */
export function dayIn(zone: string, at: number): string {
  const offset = zoneOffsetMs(zone, at);
  return new Date(at + (Number.isNaN(offset) ? 0 : offset)).toISOString().slice(0, 10);
}
