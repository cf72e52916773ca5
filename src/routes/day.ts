import { z } from 'zod';

/** Postgres knows no year 0. */
const FIRST_DAY = '0001-01-01';

/** A local day, `yyyy-mm-dd`. */
export const day = z.iso
  .date('A day such as 2026-03-02')
  .refine((text) => text >= FIRST_DAY, 'A year from 0001 to 9999');

/** Zones by name alone: an offset means the opposite to Postgres. */
const isZone = (name: string): boolean => {
  if (!/^[a-z]/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** The zone whose days are meant, in place of the person's own. */
export const zone = z
  .string()
  .max(64)
  .refine(isZone, 'An IANA time zone such as Europe/Vienna')
  .meta({ example: 'Europe/Vienna' });
