import { instantOf, type Row, type Statement } from '../database.ts';
import type { Counts } from '../model.ts';
import { SUM_OF_COUNTS, sumCounts } from './sum-counts.ts';

/** A job as it goes over the wire. A preview's counts say what would become of the items. */
export interface JobOnTheWire {
  id: string;
  kind: 'replay';
  status: 'running' | 'done' | 'cancelled';
  applies: boolean;
  person_id: string;
  from: string;
  to: string;
  created_at: string;
  finished_at: string | null;
  /** `done` of `total` uploads; `failed` of those could not be replayed. */
  uploads: { total: number; done: number; failed: number };
  totals: Counts;
  metrics: Record<string, Counts>;
}

/** A step of a replay that applies is done once the receipt of its replay has closed. */
const SELECT_JOBS = `
  select jobs.*, done, failed, metrics
  from jobs
  cross join lateral (
    select count(*) filter (where done_at is not null and (failure is not null or not applies
        or completed_at is not null))::int as done,
      count(*) filter (where job_steps.failure is not null or status = 'failed')::int as failed
    from job_steps
    left join lateral (
      select completed_at, ingestions.status
      from ingestions
      where id = replay_id and ingestions.received_at >= jobs.created_at - interval '1 day'
    ) as replayed on true
    where job_id = jobs.id
  ) as progress
  cross join lateral (
    select jsonb_object_agg(metric, counts) as metrics
    from (
      select key as metric, ${SUM_OF_COUNTS} as counts
      from (
        select counts from job_steps where job_id = jobs.id and counts is not null
        union all
        select unpack_counts(slice.counts)
        from job_steps
        join ingestion_slices as slice
          on slice.ingestion_id = replay_id and slice.received_at >= jobs.created_at - interval '1 day'
        where job_id = jobs.id and jobs.applies
      ) as every, jsonb_each(every.counts)
      group by key
    ) as by_metric
  ) as counted`;

export const selectJob = (id: string): Statement => ({
  text: `${SELECT_JOBS} where id = $1::uuid`,
  params: [id],
});

/** The newest first. */
export const selectJobs = (limit: number, offset: number): Statement => ({
  text: `${SELECT_JOBS} order by created_at desc, id limit $1::int offset $2::bigint`,
  params: [limit, offset],
});

export const COUNT_JOBS: Statement = { text: 'select count(*) as jobs from jobs', params: [] };

const iso = (value: unknown): string => new Date(instantOf(value)).toISOString();

export function toJob(row: Row): JobOnTheWire {
  const metrics = (row.metrics ?? {}) as Record<string, Counts>;
  const uploads = {
    total: Number(row.steps_total),
    done: Number(row.done),
    failed: Number(row.failed),
  };
  const isLoading = row.status === 'done' && uploads.done < uploads.total;
  return {
    id: String(row.id),
    kind: 'replay',
    status: isLoading ? 'running' : (row.status as JobOnTheWire['status']),
    applies: row.applies === true,
    person_id: String(row.user_id),
    from: iso(row.from_at),
    to: iso(row.to_at),
    created_at: iso(row.created_at),
    finished_at: isLoading || row.finished_at === null ? null : iso(row.finished_at),
    uploads,
    totals: sumCounts(Object.values(metrics)),
    metrics: Object.fromEntries(Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
