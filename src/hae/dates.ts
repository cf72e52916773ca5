import { dayMs, momentIn, offsetMs, timeMs } from './calendar.ts';

/**
 * Reads the dates of the app, strictly: what is not surely a moment is refused, never guessed and never rolled over
 * (`new Date()` makes 1 March of 30 February, and 2 June of 06.02.). Pure.
 */

export type ParsedDate =
  | {
      ok: true;
      /** Unix milliseconds; finer fractions are cut off. */
      at: number;
      /** The text named no offset and was read as wall time of the zone. */
      offsetMissing: boolean;
      /** The text named a day only: `at` is its local midnight. */
      dateOnly: boolean;
    }
  | { ok: false };

const REFUSED: ParsedDate = { ok: false };

/**
 * Reads a date in any form that the app is known to use: text with or without time, seconds, fraction, AM/PM marker
 * and offset, or a number (seconds since 1970 or 2001, milliseconds since 1970, told apart by size).
 *
 * @param zone IANA zone for wall times without an offset. One that the clock skips is moved on by what was skipped;
 *   one that it shows twice is the first of the two. An unknown zone refuses such dates.
 */
export function parseDate(value: string | number, zone: string): ParsedDate {
  if (typeof value === 'number') return parseEpoch(value);
  const at = parseUsual(value);
  return Number.isNaN(at) ? parseOther(value, zone) : whole(at);
}

/**
 * The end of 1 January 1970 in the westernmost zone. That day is what a clock shows that was never set, and Apple Health
 * is decades younger: what lies before is a clock or an epoch gone wrong.
 */
const EARLIEST_MS = 36 * 60 * 60 * 1000;

/** Zones are up to 14 hours ahead of UTC, phones' clocks go wrong by a day, and a bucket may end tomorrow. */
const LEAD_MS = 2 * 24 * 60 * 60 * 1000;

/** Whether something may have happened at `at` that was received at `receivedAt` (both Unix milliseconds). */
export const isPlausible = (at: number, receivedAt: number): boolean =>
  at >= EARLIEST_MS && at <= receivedAt + LEAD_MS;

const whole = (at: number): ParsedDate => ({ ok: true, at, offsetMissing: false, dateOnly: false });

const EPOCH_2001_S = 978_307_200;
/** The last moment of the year 9999, after which dates have no common text form. */
const LATEST_MS = 253_402_300_799_999;

function parseEpoch(value: number): ParsedDate {
  if (value > 0 && value < 1e9) return whole(Math.round((value + EPOCH_2001_S) * 1000));
  if (value >= 1e9 && value < 1e10) return whole(Math.round(value * 1000));
  if (value >= 1e12 && value <= LATEST_MS) return whole(Math.round(value));
  return REFUSED;
}

const BLANK = 32;
const PLUS = 43;
const DASH = 45;
const ZERO = 48;
const COLON = 58;

/**
 * `yyyy-MM-dd HH:mm:ss ±HHMM`, which nearly every point carries, by char codes and without garbage: this is the
 * hottest function of the system. NaN for anything else, valid or not.
 */
function parseUsual(text: string): number {
  if (
    text.length !== 25 ||
    text.charCodeAt(4) !== DASH ||
    text.charCodeAt(7) !== DASH ||
    text.charCodeAt(10) !== BLANK ||
    text.charCodeAt(13) !== COLON ||
    text.charCodeAt(16) !== COLON ||
    text.charCodeAt(19) !== BLANK
  ) {
    return Number.NaN;
  }
  const sign = text.charCodeAt(20);
  if (sign !== PLUS && sign !== DASH) return Number.NaN;
  const offset = offsetMs(twoDigits(text, 21), twoDigits(text, 23));
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  return (
    dayMs(year, twoDigits(text, 5), twoDigits(text, 8)) +
    timeMs(twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)) +
    (sign === DASH ? offset : -offset)
  );
}

/** Below every range even after it was added to something; a NaN would turn whole-number arithmetic into floats. */
const NO_DIGITS = -1_000_000;

function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - ZERO;
  const units = text.charCodeAt(index + 1) - ZERO;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : NO_DIGITS;
}

/** Longer texts are no dates, and need not be searched for one. */
const MAX_LENGTH = 64;

/** `\s` includes the no-break spaces U+00A0 and U+202F, which newer phones write before AM and PM. */
const OTHER = new RegExp(
  [
    String.raw`^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)`,
    String.raw`(?:(?:T|\s+)(?<hour>\d\d?):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?`,
    String.raw`(?:\s*(?<half>[ap])\.?\s?m\.?)?`,
    String.raw`(?:\s*(?:(?<utc>Z)|(?<sign>[+−-])(?<offsetHour>\d\d)(?::?(?<offsetMinute>\d\d))?))?)?$`,
  ].join(''),
  'i',
);

type Parts = Readonly<Record<string, string | undefined>>;

function parseOther(text: string, zone: string): ParsedDate {
  const parts: Parts | undefined =
    text.length > MAX_LENGTH ? undefined : OTHER.exec(text.trim())?.groups;
  if (parts === undefined) return REFUSED;

  const wall =
    dayMs(Number(parts.year), Number(parts.month), Number(parts.day)) + wallTimeMs(parts);
  const offsetMissing = parts.utc === undefined && parts.sign === undefined;
  const at = offsetMissing ? momentIn(zone, wall) : wall - namedOffsetMs(parts);
  if (Number.isNaN(at)) return REFUSED;
  return { ok: true, at, offsetMissing, dateOnly: parts.hour === undefined };
}

function wallTimeMs({
  hour = '0',
  minute = '0',
  second = '0',
  fraction = '',
  half,
}: Parts): number {
  const thousandths = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const hourOfDay = half === undefined ? Number(hour) : hourOf12(Number(hour), half);
  return timeMs(hourOfDay, Number(minute), Number(second)) + thousandths;
}

function hourOf12(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function namedOffsetMs({ utc, sign, offsetHour, offsetMinute = '0' }: Parts): number {
  if (utc !== undefined) return 0;
  const offset = offsetMs(Number(offsetHour), Number(offsetMinute));
  return sign === '+' ? offset : -offset;
}
