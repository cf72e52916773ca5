import type { Row, Statement } from '../database.ts';
import { iso } from './values.ts';

/** What a person has, in numbers. Samples are counted by day as they come (`day_totals`), never one by one. */
export interface Stats {
  samples: {
    /** Of all metrics, as far as they count: not twice where two sources measured the same. */
    total: number;
    metrics: { metric: string; samples: number; days: number; first: string; last: string }[];
    /** Metrics whose days are being made anew; they are not among those above. */
    counted_anew: string[];
  };
  days_with_data: number;
  records: {
    nights: number;
    workouts: number;
    ecg: number;
    blood_pressure: number;
    events: Record<string, number>;
  };
  uploads: {
    total: number;
    stored: number;
    stored_with_issues: number;
    failed: number;
    /** Still on their way. */
    open: number;
    last_at: string | null;
  };
  archived_bytes: number;
  sources: string[];
  estimated_bytes: number;
}

/** One row. */
export const selectStats = (userId: string): Statement => ({
  text: `
    with counted as materialized (
      select metric, day, samples from day_totals
      where user_id = $1::uuid and samples > 0
        and metric not in (select metric from stale_metrics where user_id = $1::uuid)
    ),
    uploads as (
      select
        count(*) as total,
        count(*) filter (where status = 'stored') as stored,
        count(*) filter (where status = 'stored_with_issues') as stored_with_issues,
        count(*) filter (where status = 'failed') as failed,
        count(*) filter (where completed_at is null) as open,
        max(received_at) as last_at,
        coalesce(sum(bytes) filter (where replay_of is null), 0) as bytes
      from ingestions where user_id = $1::uuid
    )
    select
      (
        select jsonb_agg(to_jsonb(by_metric) order by metric)
        from (
          select metric, sum(samples) as samples, count(*) as days, min(day) as first, max(day) as last
          from counted group by metric
        ) as by_metric
      ) as metrics,
      (select jsonb_agg(metric order by metric) from stale_metrics where user_id = $1::uuid) as counted_anew,
      (select count(*) from (select distinct day from counted) as days) as days,
      (${hanging('sleep_nights', 'sleep_analysis')}) as nights,
      (${hanging('blood_pressure', 'blood_pressure')}) as blood_pressure,
      (${hanging('ecg_recordings', 'ecg')}) as ecg,
      (${hanging('ecg_recordings', 'ecg', 'coalesce(sum(points), 0)')}) as ecg_points,
      (select count(*) from workouts where user_id = $1::uuid) as workouts,
      (
        select jsonb_object_agg(kind, times)
        from (select kind, count(*) as times from events where user_id = $1::uuid group by kind) as by_kind
      ) as events,
      (
        select jsonb_agg(distinct display_name order by display_name)
        from series where user_id = $1::uuid and display_name <> ''
      ) as sources,
      to_jsonb(uploads) as uploads
    from uploads`,
  params: [userId],
});

/** Counts the rows of a table that hang on series of one metric. */
const hanging = (table: string, metric: string, count = 'count(*)'): string => `
  select ${count} from ${table}
  where series_id in (select id from series where user_id = $1::uuid and metric = '${metric}')`;

export function toStats(row: Row): Stats {
  const metrics = ((row.metrics ?? []) as Stats['samples']['metrics']).map(
    ({ metric, samples, days, first, last }) => ({ metric, samples, days, first, last }),
  );
  const total = metrics.reduce((sum, { samples }) => sum + samples, 0);
  const { total: uploads, last_at, bytes, ...outcomes } = row.uploads as Uploads;
  const events = (row.events ?? {}) as Record<string, number>;
  const records = {
    nights: Number(row.nights),
    workouts: Number(row.workouts),
    ecg: Number(row.ecg),
    blood_pressure: Number(row.blood_pressure),
    events,
  };
  const points = Number(row.ecg_points);
  return {
    samples: { total, metrics, counted_anew: (row.counted_anew ?? []) as string[] },
    days_with_data: Number(row.days),
    records,
    uploads: { total: uploads, ...outcomes, last_at: isoOrNull(last_at) },
    archived_bytes: bytes,
    sources: (row.sources ?? []) as string[],
    estimated_bytes: estimate(total, records, points, uploads),
  };
}

interface Uploads extends Omit<Stats['uploads'], 'last_at'> {
  last_at: string | null;
  bytes: number;
}

const isoOrNull = (value: string | null): string | null => (value === null ? null : iso(value));

/** Bytes a row with its indexes: samples and receipts as measured, the others about right. */
const BYTES = { sample: 100, night: 300, workout: 1500, event: 500, ecgPoint: 4, upload: 1500 };

/** Without what hangs on workouts, and what does not count because another source measured it too. */
function estimate(
  samples: number,
  { nights, workouts, blood_pressure, events }: Stats['records'],
  ecgPoints: number,
  uploads: number,
): number {
  const happened = Object.values(events).reduce((sum, times) => sum + times, 0);
  return (
    (samples + blood_pressure) * BYTES.sample +
    nights * BYTES.night +
    workouts * BYTES.workout +
    happened * BYTES.event +
    ecgPoints * BYTES.ecgPoint +
    uploads * BYTES.upload
  );
}
