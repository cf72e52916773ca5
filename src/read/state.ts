import { instantOf, type Row, type Statement } from '../database.ts';

/** How the installation is, as the database sees it. Instants are Unix milliseconds, `null` for never. */
export interface State {
  open: number;
  oldestOpenAt: number | null;
  failedLastDay: number;
  notClosing: number;
  /** Totals of days that the last check found to differ from their samples. */
  totalsDiffering: number;
  /** Metrics of people whose totals wait to be made anew. */
  staleMetrics: number;
  jobsRunning: number;
  /** Up to where there are partitions of samples. */
  partitionsUntil: number | null;
  upkeep: { task: string; ranAt: number; findings: unknown }[];
  lastUploads: { userId: string; at: number }[];
  /** The database's clock. */
  now: number;
  version: string;
}

/** More people than these are not told apart on a board. */
const MOST_PEOPLE = 1_000;

/** One round trip, whatever is asked of it. */
export const SELECT_STATE: Statement = {
  text: `
    select
      clock_timestamp() as now,
      current_setting('server_version') as version,
      (select count(*) from ingestions where completed_at is null)::int as open,
      (select min(received_at) from ingestions where completed_at is null) as oldest_open_at,
      (
        select count(*) from ingestions
        where status = 'failed' and received_at > now() - interval '1 day'
      )::int as failed_last_day,
      (select findings -> 'not_closing' from upkeep_runs where task = 'reconcile') as not_closing,
      (select (findings ->> 'totals_differing')::int from upkeep_runs where task = 'reconcile') as totals_differing,
      (select count(*) from stale_metrics)::int as stale_metrics,
      (select count(*) from jobs where status = 'running')::int as jobs_running,
      (
        select max(to_timestamp(right(relname, 7), 'YYYY_MM') + interval '1 month')
        from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = 'samples'::regclass
      ) as partitions_until,
      (
        select jsonb_agg(jsonb_build_object('task', task, 'ran_at', ran_at, 'findings', findings) order by task)
        from upkeep_runs
      ) as upkeep,
      (
        select jsonb_agg(jsonb_build_object('user_id', id, 'at', at))
        from (
          select users.id, latest.at
          from users
          cross join lateral (
            select received_at as at from ingestions
            where user_id = users.id
            order by received_at desc
            limit 1
          ) as latest
          order by latest.at desc
          limit ${MOST_PEOPLE}
        ) as people
      ) as last_uploads`,
  params: [],
};

const instantOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : instantOf(value);

export function toState(row: Row): State {
  const upkeep = (row.upkeep ?? []) as { task: string; ran_at: string; findings: unknown }[];
  const uploads = (row.last_uploads ?? []) as { user_id: string; at: string }[];
  return {
    open: Number(row.open),
    oldestOpenAt: instantOrNull(row.oldest_open_at),
    failedLastDay: Number(row.failed_last_day),
    notClosing: ((row.not_closing ?? []) as unknown[]).length,
    totalsDiffering: Number(row.totals_differing ?? 0),
    staleMetrics: Number(row.stale_metrics),
    jobsRunning: Number(row.jobs_running),
    partitionsUntil: instantOrNull(row.partitions_until),
    upkeep: upkeep.map(({ task, ran_at, findings }) => ({
      task,
      ranAt: Date.parse(ran_at),
      findings,
    })),
    lastUploads: uploads.map(({ user_id, at }) => ({ userId: user_id, at: Date.parse(at) })),
    now: instantOf(row.now),
    version: String(row.version),
  };
}
