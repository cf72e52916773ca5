import { instantOf } from '../database.ts';

/** Columns of a row as they go over the wire. */

/** An instant in UTC, such as `2026-03-02T06:40:30.000Z`. */
export const iso = (value: unknown): string =>
  isoOfUtc(value) ?? new Date(instantOf(value)).toISOString();

const SECONDS_END = '2026-03-02 06:40:30'.length;
const UTC = '+00';

/** Postgres writes `2026-03-02 06:40:30.123456+00` in a session in UTC: that is cut and joined in a fifth of the time of a Date. */
function isoOfUtc(value: unknown): string | null {
  if (typeof value !== 'string' || !value.endsWith(UTC) || value[10] !== ' ') return null;
  const thousandths = value
    .slice(SECONDS_END + 1, -UTC.length)
    .slice(0, 3)
    .padEnd(3, '0');
  return `${value.slice(0, 10)}T${value.slice(11, SECONDS_END)}.${thousandths}Z`;
}

export const isoOrNull = (value: unknown): string | null => (value === null ? null : iso(value));

export const numberOrNull = (value: unknown): number | null =>
  value === null ? null : Number(value);

export const textOrNull = (value: unknown): string | null =>
  value === null ? null : String(value);

/** An instant as a parameter of a statement. */
export const parameterOf = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();
