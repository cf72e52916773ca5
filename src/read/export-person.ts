import type { Statement } from '../database.ts';

/** Who an export is of, and how this person has things shown. */
export const selectPerson = (userId: string): Statement => ({
  text: 'select email, time_zone, week_start, units from users where id = $1::uuid',
  params: [userId],
});

/** Nothing of a person is older than this. */
export const selectPersonSince = (userId: string): Statement => ({
  text: 'select created_at from users where id = $1::uuid',
  params: [userId],
});
