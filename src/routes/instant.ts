import { z } from 'zod';

/** Postgres knows no year 0, and writes years past 9999 in a way of its own. */
const YEAR_ONE = Date.parse('0001-01-01T00:00:00Z');
const YEAR_9999 = Date.parse('9999-12-31T23:59:59Z');

/** An instant as parameters and bodies give it; Unix milliseconds to us. */
export const instant = z.iso
  .datetime({ offset: true, error: 'An ISO 8601 instant such as 2026-03-02T00:00:00Z' })
  .transform((text) => Date.parse(text))
  .refine((at) => at >= YEAR_ONE && at <= YEAR_9999, 'A year from 0001 to 9999');
