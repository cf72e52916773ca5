import { FAILURES, ISSUES_PAGE_SIZE } from '../codes.ts';
import { instantOf, type Row, type Statement } from '../database.ts';
import type {
  Archived,
  Arrival,
  Counts,
  Drift,
  FailureCode,
  Ingestion,
  Receipt,
  ReceiptStatus,
} from '../model.ts';
import { timestamp } from './receipts.ts';
import { SUM_OF_COUNTS, sumCounts } from './sum-counts.ts';

/**
 * Receipts as one row each: $1 user, the rest in `where`.
 * @param receivedAt of each. A parameter, where there is one: plans then know the one partition they look into.
 */
const selectReceipts = (where: string, receivedAt: string): string => `
  select
    id, status, received_at, completed_at, bytes, sha256, automation,
    slices_total, slices_loaded, issues_total, replay_of, failure,
    (
      select jsonb_agg(distinct decoder order by decoder)
      from ingestion_slices as slice
      where (slice.ingestion_id, slice.received_at) = (ingestions.id, ${receivedAt})
        and decoder is not null
    ) as decoders,
    (
      select jsonb_object_agg(metric, counts)
      from (
        select key as metric, ${SUM_OF_COUNTS} as counts
        from ingestion_slices as slice, jsonb_each(unpack_counts(slice.counts))
        where (slice.ingestion_id, slice.received_at) = (ingestions.id, ${receivedAt})
        group by key
      ) as by_metric
    ) as metrics,
    (
      select jsonb_object_agg(section, fields)
      from (
        select section, jsonb_object_agg(field, times) as fields
        from (
          select section.key as section, field.key as field, sum(field.value::bigint) as times
          from ingestion_slices as slice,
            jsonb_each(slice.unknown_fields) as section,
            jsonb_each_text(section.value) as field
          where (slice.ingestion_id, slice.received_at) = (ingestions.id, ${receivedAt})
          group by section.key, field.key
        ) as by_field
        group by section
      ) as by_section
    ) as unknown_fields,
    (
      select jsonb_agg(issue)
      from (
        select jsonb_build_object('pointer', pointer, 'code', code, 'message', message) as issue
        from set_aside
        where (set_aside.ingestion_id, set_aside.received_at) = (ingestions.id, ${receivedAt})
        order by slice, ordinal
        limit ${ISSUES_PAGE_SIZE}
      ) as first_issues
    ) as issues,
    (
      select jsonb_object_agg(code, times)
      from (
        select code, sum(times) as times
        from (
          select code, times::bigint as times
          from ingestion_slices as slice, jsonb_each_text(slice.issues) as counted (code, times)
          where (slice.ingestion_id, slice.received_at) = (ingestions.id, ${receivedAt})
          union all
          -- Releases up to 0.4.0 keep all of them, and no count.
          select set_aside.code, 1
          from ingestion_slices as slice
          join set_aside using (ingestion_id, received_at, slice)
          where (slice.ingestion_id, slice.received_at) = (ingestions.id, ${receivedAt})
            and (set_aside.ingestion_id, set_aside.received_at) = (ingestions.id, ${receivedAt})
            and slice.issues is null
        ) as each
        group by code
      ) as by_code
    ) as issues_by_code
  from ingestions
  where ${where}`;

/** The id of an upload is a UUID v7: its first 48 bits are the time it was received, in milliseconds. */
export const receivedAtOf = (id: string): number =>
  Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

/** One receipt of a person; of one key alone, if `keyId` is given. */
export const selectReceipt = (id: string, userId: string, keyId: string | null): Statement => ({
  text: selectReceipts(
    `
    user_id = $1::uuid
    and (id, received_at) = ($2::uuid, $3::timestamptz)
    and ($4::uuid is null or key_id = $4::uuid)`,
    '$3::timestamptz',
  ),
  params: [userId, id, timestamp(receivedAtOf(id)), keyId],
});

export interface ReceiptPage {
  userId: string;
  keyId: string | null;
  /** Newest first, after this one. */
  before: { receivedAt: number; id: string } | null;
  limit: number;
}

export const selectReceiptPage = ({ userId, keyId, before, limit }: ReceiptPage): Statement => ({
  text: `${selectReceipts(
    `
    user_id = $1::uuid
    and ($2::uuid is null or key_id = $2::uuid)
    and ($3::timestamptz is null or (received_at, id) < ($3::timestamptz, $4::uuid))`,
    'ingestions.received_at',
  )}
  order by received_at desc, id desc
  limit $5::int`,
  params: [
    userId,
    keyId,
    before === null ? null : timestamp(before.receivedAt),
    before?.id ?? null,
    limit,
  ],
});

const toIso = (value: unknown): string => new Date(instantOf(value)).toISOString();

/** A row of `selectReceipt` or `selectReceiptPage` as it goes over the wire, its parts in a steady order. */
export function toReceipt(row: Row): Receipt {
  const metrics = Object.entries((row.metrics ?? {}) as Record<string, Counts>)
    .map(([metric, counts]) => [metric, sumCounts([counts])] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const issues = (row.issues ?? []) as Receipt['issues'];
  return {
    id: String(row.id),
    status: row.status as ReceiptStatus,
    received_at: toIso(row.received_at),
    completed_at: row.completed_at === null ? null : toIso(row.completed_at),
    replay_of: row.replay_of === null ? null : String(row.replay_of),
    bytes: Number(row.bytes),
    sha256: String(row.sha256),
    automation: automationOnTheWire(row.automation as Ingestion['automation']),
    slices: { total: Number(row.slices_total), loaded: Number(row.slices_loaded) },
    failure: failureOf(row.failure),
    decoders: (row.decoders ?? []) as number[],
    totals: sumCounts(metrics.map(([, counts]) => counts)),
    metrics: Object.fromEntries(metrics),
    unknown_fields: (row.unknown_fields ?? {}) as Drift,
    issues: issues.map(({ pointer, code, message }) => ({ pointer, code, message })),
    issues_total: Number(row.issues_total),
    issues_by_code: (row.issues_by_code ?? {}) as Receipt['issues_by_code'],
  };
}

/** Codes of former releases have no words any more. */
const failureOf = (code: unknown): Receipt['failure'] =>
  code === null
    ? null
    : { code: code as FailureCode, message: FAILURES[code as FailureCode] ?? String(code) };

/** The receipt of an upload that is archived and on its way, before the database has heard of it. */
export const receiptOnItsWay = (
  ingestion: Arrival,
  archived: Pick<Archived, 'bytes' | 'sha256'>,
  slicesTotal: number,
  status: 'queued' | 'deferred',
): Receipt => ({
  id: ingestion.id,
  status,
  received_at: timestamp(ingestion.receivedAt),
  completed_at: null,
  replay_of: ingestion.replayOf,
  bytes: archived.bytes,
  sha256: archived.sha256,
  automation: automationOnTheWire(ingestion.automation),
  slices: { total: slicesTotal, loaded: 0 },
  failure: null,
  decoders: [],
  totals: sumCounts([]),
  metrics: {},
  unknown_fields: {},
  issues: [],
  issues_total: 0,
  issues_by_code: {},
});

const automationOnTheWire = ({
  name,
  id,
  aggregation,
  period,
  sessionId,
}: Ingestion['automation']) => ({
  name,
  id,
  aggregation,
  period,
  session_id: sessionId,
});
