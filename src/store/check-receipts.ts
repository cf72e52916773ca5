import type { Row, Statement } from '../database.ts';

/** Complete receipts, and which of them do not add up. */

export interface CheckedReceipts {
  receipts: number;
  /** Ids, up to a hundred. */
  notClosing: string[];
  /** What has closed before is checked. As the database writes it. */
  until: string | null;
  isLast: boolean;
}

/** Each takes 0.1 ms. */
export const MAX_CHECKED = 10_000;

/** A load may close its receipt so long before others see it. */
const UNSEEN = `interval '1 minute'`;

/** @param from rows of ingestions as `picked` */
const selectChecked = (from: string): string => `
  with picked as materialized (${from}),
  checked as (
    select picked.id,
      slices_loaded <> slices_total or loaded.slices <> slices_total or not loaded.closes as is_open
    from picked
    cross join lateral (
      select count(*) as slices, coalesce(bool_and(loaded_at is not null and counts_close(counts)), true) as closes
      from ingestion_slices as slice
      where (slice.ingestion_id, slice.received_at) = (picked.id, picked.received_at)
    ) as loaded
    where status <> 'failed'
  )
  select
    (select count(*) from picked)::int as receipts,
    (select array_to_json(array_agg(id)) from (select id from checked where is_open limit 100) as each) as not_closing,
    (select max(completed_at) from picked)::text as last,
    (now() - ${UNSEEN})::text as seen_until,
    (select max(completed_at) from picked) < now() - ${UNSEEN} as is_seen`;

const COLUMNS = 'id, received_at, status, slices_loaded, slices_total, completed_at';

/** Those that have closed since then, the first ones first. @param since `null`: within the last hour */
export const selectClosing = (since: string | null): Statement => ({
  text: selectChecked(`
    select ${COLUMNS} from ingestions
    where completed_at > coalesce($1::timestamptz, now() - interval '1 hour')
    order by completed_at
    fetch first ${MAX_CHECKED} rows with ties`),
  params: [since],
});

/** Some of all, by chance. */
export const selectSampledClosing = (): Statement => ({
  text: selectChecked(`
    select ${COLUMNS} from ingestions tablesample system ((
      select least(100, 100.0 * ${MAX_CHECKED} / greatest(sum(greatest(reltuples, 0)), 1))
      from pg_inherits join pg_class on pg_class.oid = inhrelid
      where inhparent = 'ingestions'::regclass
    ))
    where completed_at is not null
    limit 2 * ${MAX_CHECKED}`),
  params: [],
});

export function toChecked(row: Row | undefined): CheckedReceipts {
  const receipts = Number(row?.receipts ?? 0);
  const isFull = receipts >= MAX_CHECKED && row?.is_seen === true;
  return {
    receipts,
    notClosing: ((row?.not_closing ?? []) as unknown[]).map(String),
    until: isFull ? String(row?.last) : String(row?.seen_until),
    isLast: !isFull,
  };
}
