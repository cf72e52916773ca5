import { tzOffset } from '@date-fns/tz';

/** Local days and how the phone writes instants. Days are numbered from 1970-01-01; instants are Unix milliseconds. Pure. */

export const ZONE = 'Europe/Vienna';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Number of the day that is written `yyyy-MM-dd`; `null` where there is no such day. */
export function dayNumber(date: string): number | null {
  const at = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) || dateOf(at / DAY) !== date ? null : at / DAY;
}

export const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** 0 is Sunday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

/** 1 to 366. */
export const dayOfYear = (day: number): number =>
  day - Date.UTC(new Date(day * DAY).getUTCFullYear(), 0, 1) / DAY + 1;

/** The day that has begun last in the zone. */
export const dayAt = (at: number): number => Math.floor((at + offsetAt(at)) / DAY);

/** Local midnight. The zone changes its clocks at 01:00 UTC, so midnight UTC has the offset of local midnight. */
export const startOfDay = (day: number): number => day * DAY - offsetAt(day * DAY);

/** Minutes since midnight that the clock on the wall shows. */
export const wallMinute = (at: number): number =>
  Math.floor(((((at + offsetAt(at)) % DAY) + DAY) % DAY) / MINUTE);

/** The instant of a wall-clock minute after 03:00, on days of 23, 24 and 25 hours. Minutes past 1440 are of the next day. */
export const instantOf = (day: number, minute: number): number => {
  const wanted = day * DAY + minute * MINUTE;
  return wanted - offsetAt(wanted - offsetAt(wanted));
};

const offsets = new Map<number, number>();

/** Local time minus UTC. Remembered by the hour: the zone's table is slow to ask. */
function offsetAt(at: number): number {
  const hour = Math.floor(at / HOUR);
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  const offset = tzOffset(ZONE, new Date(hour * HOUR)) * MINUTE;
  offsets.set(hour, offset);
  return offset;
}

/** 24 hours; 12 hours with a plain space before AM or PM; 12 hours with U+202F there, as newer iOS writes. */
export type Clock = '24' | '12' | '12-narrow';

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** `2026-03-02 19:41:00 +0100`, or with a 12-hour clock `2026-03-02 7:41:00 PM +0100`. */
export function writeInstant(at: number, clock: Clock): string {
  const offset = offsetAt(at);
  const local = new Date(at + offset);
  const date = local.toISOString().slice(0, 10);
  const hours = local.getUTCHours();
  const rest = `${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  const zone = `+${two(offset / HOUR)}00`;
  if (clock === '24') return `${date} ${two(hours)}:${rest} ${zone}`;
  const space = clock === '12' ? ' ' : '\u202f';
  return `${date} ${hours % 12 || 12}:${rest}${space}${hours < 12 ? 'AM' : 'PM'} ${zone}`;
}
