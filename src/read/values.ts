import { instantOf } from '../database.ts';

/** Columns of a row as they go over the wire. */

/** An instant in UTC, such as `2026-03-02T06:40:30.000Z`. */
export const iso = (value: unknown): string => new Date(instantOf(value)).toISOString();

export const isoOrNull = (value: unknown): string | null => (value === null ? null : iso(value));

export const numberOrNull = (value: unknown): number | null =>
  value === null ? null : Number(value);

export const textOrNull = (value: unknown): string | null =>
  value === null ? null : String(value);

/** An instant as a parameter of a statement. */
export const parameterOf = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();
