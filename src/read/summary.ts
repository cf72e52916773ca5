import type { Row, Statement } from '../database.ts';
import { boundsOf, type Span, spanParameters } from './span.ts';

/** How many records of a kind there are on the last day of a span, and on all days before it. */
export interface RecordCount {
  kind: string;
  today: number;
  before: number;
  /** Of workouts, in all of them. */
  secondsToday: number;
  secondsBefore: number;
}

/** Workouts, electrocardiograms and events by kind: one row each that there is something of. */
export const countRecords = (userId: string, span: Span): Statement => ({
  text: `
    with ${boundsOf(true)},
    records as (
      select 'workout' as kind, started_at, coalesce(duration_s, extract(epoch from ended_at - started_at)) as seconds
      from workouts
      where user_id = $1::uuid
        and started_at >= (select lower_at from bounds) and started_at < (select upper_at from bounds)
      union all
      select 'ecg', started_at, 0
      from series
      join ecg_recordings on series_id = series.id
      where user_id = $1::uuid and metric = 'ecg'
        and started_at >= (select lower_at from bounds) and started_at < (select upper_at from bounds)
      union all
      select kind, started_at, 0
      from events
      where user_id = $1::uuid
        and started_at >= (select lower_at from bounds) and started_at < (select upper_at from bounds)
    )
    select kind,
      count(*) filter (where is_today) as today,
      count(*) filter (where not is_today) as before,
      coalesce(sum(seconds) filter (where is_today), 0) as seconds_today,
      coalesce(sum(seconds) filter (where not is_today), 0) as seconds_before
    from records
    cross join bounds
    cross join lateral (select started_at >= day_begins(last_day, zone) as is_today) as moment
    group by kind
    order by kind`,
  params: [userId, ...spanParameters(span)],
});

export const toRecordCount = (row: Row): RecordCount => ({
  kind: String(row.kind),
  today: Number(row.today),
  before: Number(row.before),
  secondsToday: Number(row.seconds_today),
  secondsBefore: Number(row.seconds_before),
});
