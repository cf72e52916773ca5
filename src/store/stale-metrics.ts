import type { Row, Statement } from '../database.ts';

/** Metrics whose days have to be made anew (migrations/0012), and how far that has come. */

/** The next stretch of days of a metric. */
export interface StaleStretch {
  metric: string;
  /** When it was marked, as the database writes it: a later mark begins from the first day again. */
  since: string;
  /** Days, `yyyy-mm-dd`; `null` if there is no sample left. */
  first: string | null;
  last: string | null;
  /** Whether it is the last one. */
  isEnd: boolean;
}

/** Days that are locked, and made, at once: loads of the same days wait meanwhile. */
const STRETCH_DAYS = 92;

/** @param quiet seconds since the metric was last marked */
export const selectStaleStretch = (person: string, quiet: number): Statement => ({
  text: `
    with next as (
      select metric, since, done_until, time_zone as zone
      from stale_metrics
      join users on users.id = user_id
      where user_id = $1::uuid and since <= clock_timestamp() - make_interval(secs => $3::int)
      order by since, metric
      limit 1
    ),
    stretch as (
      select next.*,
        greatest(done_until, (min(span.first) at time zone zone)::date - 2) as first,
        (max(span.last) at time zone zone)::date + 2 as last
      from next
      left join series on series.user_id = $1::uuid and series.metric = next.metric
      left join lateral (
        select min(recorded_at) as first, max(recorded_at) as last from samples where series_id = series.id
      ) as span on true
      group by next.metric, since, done_until, zone
    )
    select metric, since::text, first::text, least(last, first + $2::int - 1)::text as last,
      coalesce(last < first + $2::int, true) as is_end
    from stretch`,
  params: [person, STRETCH_DAYS, quiet],
});

export const toStaleStretch = (row: Row): StaleStretch => ({
  metric: String(row.metric),
  since: String(row.since),
  first: row.first === null ? null : String(row.first),
  last: row.last === null ? null : String(row.last),
  isEnd: row.is_end === true,
});

/** Makes the days of the stretch anew, and notes how far it has come. */
export function remakeStretch(person: string, stretch: StaleStretch): Statement[] {
  const { metric, since, first, last, isEnd } = stretch;
  return [
    ...(first === null
      ? []
      : [
          {
            text: 'select remake_days($1::uuid, $2, $3::date, $4::date)',
            params: [person, metric, first, last],
          },
        ]),
    isEnd
      ? { text: FINISH, params: [person, metric, since, last] }
      : { text: NOTE, params: [person, metric, since, last] },
  ];
}

const NOTE = `
  update stale_metrics set done_until = $4::date + 1
  where (user_id, metric, since) = ($1::uuid, $2, $3::timestamptz)`;

/** Days after the last one, from before the zone changed or of a load meanwhile, are made anew as well. */
const FINISH = `
  with finished as (
    delete from stale_metrics
    where (user_id, metric, since) = ($1::uuid, $2, $3::timestamptz)
    returning user_id
  )
  select remake_days($1::uuid, $2, $4::date + 1, max(day))
  from finished
  join day_totals using (user_id)
  where metric = $2 and day > $4::date
  having count(*) > 0`;

/** Longer than a turn, and the stretch that it ends with. */
const LEASE_SECONDS = 180;

/** `wait`: 0 if the work is taken, else seconds until it can be; `null` if nothing is stale. */
export const takeRecompute = (person: string, quiet: number): Statement => ({
  text: 'select take_recompute($1::uuid, $2::int, $3::int) as wait',
  params: [person, quiet, LEASE_SECONDS],
});

/** Lets another go on. `wait`: seconds until there is more to do; `null` if nothing is stale. */
export const releaseRecompute = (person: string, quiet: number): Statement => ({
  text: 'select release_recompute($1::uuid, $2::int) as wait',
  params: [person, quiet],
});

export const toWait = (row: Row | undefined): number | null =>
  row === undefined || row.wait === null ? null : Number(row.wait);

/** Messages for so many people wait at once. Of one that was lost another is sent after six hours. */
export const MAX_QUEUED_PEOPLE = 1_000;
const IS_QUEUED = `queued_at > greatest(since, now() - interval '6 hours')`;

export const COUNT_QUEUED_PEOPLE: Statement = {
  text: `
    select count(*)::int as people
    from (select from stale_metrics where ${IS_QUEUED} group by user_id limit ${MAX_QUEUED_PEOPLE}) as queued`,
  params: [],
};

/** Whose metrics wait, and have no message yet. */
export const selectStalePeople = (after: string | null, limit: number): Statement => ({
  text: `
    select distinct user_id from stale_metrics
    where ($1::uuid is null or user_id > $1::uuid) and (${IS_QUEUED}) is not true
    order by user_id
    limit $2::int`,
  params: [after, limit],
});

export const markQueued = (people: readonly string[]): Statement => ({
  text: 'update stale_metrics set queued_at = now() where user_id = any ($1::uuid[])',
  params: [`{${people.join(',')}}`],
});

/** How many days were compared with their samples, and how many differ: those are marked. */
export const CHECK_TOTALS: Statement = {
  text: 'select checked, differing from check_day_totals(300)',
  params: [],
};
