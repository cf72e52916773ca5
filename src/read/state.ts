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
  migratedAt: number;
  upkeep: { task: string; ranAt: number; findings: unknown }[];
  lastUploads: { userId: string; at: number }[];
  /** The database's clock. */
  now: number;
  version: string;
}

/** So many people are told apart on a board: always the same ones, those who came first. */
const MAX_PEOPLE = 1_000;
/** Beyond it, more or less makes no difference. */
const MAX_COUNTED = 100_000;

/** One round trip, whatever is asked of it, and as fast with a hundred thousand people as with one. */
export const SELECT_STATE: Statement = {
  text: `
    select
      clock_timestamp() as now,
      current_setting('server_version') as version,
      (select count(*) from (select from ingestions where completed_at is null limit ${MAX_COUNTED}) as each)::int as open,
      (select min(received_at) from ingestions where completed_at is null) as oldest_open_at,
      (
        select count(*) from (
          select from ingestions
          where status = 'failed' and received_at > now() - interval '1 day'
          limit ${MAX_COUNTED}
        ) as each
      )::int as failed_last_day,
      (
        select count(distinct id)
        from upkeep_runs, jsonb_array_elements_text(findings -> 'not_closing') as id
        where task in ('check_receipts', 'sample_receipts')
      )::int as not_closing,
      (select (findings ->> 'differing')::int from upkeep_runs where task = 'check_totals') as totals_differing,
      (select count(*) from (select from stale_metrics limit ${MAX_COUNTED}) as each)::int as stale_metrics,
      (select count(*) from jobs where status = 'running')::int as jobs_running,
      (
        select max(upper_bound) from partition_report where table_name = 'samples'
      ) as partitions_until,
      (select max(applied_at) from schema_migrations) as migrated_at,
      (
        select jsonb_agg(jsonb_build_object('task', task, 'ran_at', ran_at, 'findings', findings) order by task)
        from upkeep_runs
      ) as upkeep,
      (
        select jsonb_agg(jsonb_build_object('user_id', id, 'at', at))
        from (
          select first.id, latest.at
          from (select id from users order by id limit ${MAX_PEOPLE}) as first
          cross join lateral (
            select received_at as at from ingestions
            where user_id = first.id
            order by received_at desc
            limit 1
          ) as latest
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
    notClosing: Number(row.not_closing ?? 0),
    totalsDiffering: Number(row.totals_differing ?? 0),
    staleMetrics: Number(row.stale_metrics),
    jobsRunning: Number(row.jobs_running),
    partitionsUntil: instantOrNull(row.partitions_until),
    migratedAt: instantOf(row.migrated_at),
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
