/** A moment that a question names: an instant (Unix milliseconds), or a whole day of the person's zone (`yyyy-mm-dd`). */
export type Moment = { at: number } | { day: string };

/** From when to when, and whose days: of `zone`, or of the person's own. A day at the end is a part of the span. */
export interface Span {
  /** `null`: from the beginning, to the end. */
  from: Moment | null;
  to: Moment | null;
  zone: string | null;
}

/** $1 is the person. These are $2 from, $3 its day, $4 to, $5 its day, $6 zone. */
export const spanParameters = ({ from, to, zone }: Span) =>
  [instantOf(from), dayOf(from), instantOf(to), dayOf(to), zone] as const;

const instantOf = (moment: Moment | null): string | null =>
  moment !== null && 'at' in moment ? new Date(moment.at).toISOString() : null;
const dayOf = (moment: Moment | null): string | null =>
  moment !== null && 'day' in moment ? moment.day : null;

/**
 * Common table expressions that end in `bounds (zone, is_own_zone, week_start, units, first_day, last_day, lower_at, upper_at)`.
 * @param wholeDays whether the instants are moved to the edges of their days
 */
export const boundsOf = (wholeDays: boolean): string => `
  person as (
    select coalesce($6::text, time_zone) as zone, coalesce($6::text = time_zone, true) as is_own_zone, week_start, units
    from users where id = $1::uuid
  ),
  days_asked as (
    select person.*,
      coalesce($3::date, ($2::timestamptz at time zone zone)::date) as first_day,
      coalesce($5::date, (($4::timestamptz - interval '1 millisecond') at time zone zone)::date) as last_day
    from person
  ),
  bounds as (
    select days_asked.*,
      ${wholeDays ? '' : 'coalesce($2::timestamptz, '}day_begins(first_day, zone)${wholeDays ? '' : ')'} as lower_at,
      ${wholeDays ? '' : 'coalesce($4::timestamptz, '}day_begins(last_day + 1, zone)${wholeDays ? '' : ')'} as upper_at
    from days_asked
  )`;
