import { MAX_ISSUES, MAX_ISSUES_ALIKE } from '../codes.ts';
import type { Statement } from '../database.ts';
import type { Archived, Decoded, FailureCode, Ingestion, Issue } from '../model.ts';
import { COUNTS_SO_FAR, keepCounts, type SlicePlace } from './counts.ts';
import { toList } from './sum-counts.ts';

/** The receipts: what became of each upload, counted by the database in the transaction that stored it. */

export const timestamp = (instant: number): string => new Date(instant).toISOString();

/** What a receipt begins with: columns, and one parameter each. */
const COLUMNS = [
  'id',
  'received_at',
  'user_id',
  'key_id',
  'correlation_id',
  'bytes',
  'sha256',
  'raw_key',
  'idempotency_key',
  'automation',
  'slices_total',
  'replay_of',
  'said_at',
  'cut',
] as const;

/** An upload, and how it is cut. */
export interface Opened {
  ingestion: Ingestion;
  archived: Archived;
  slicesTotal: number;
}

const openingParameters = ({ ingestion, archived, slicesTotal }: Opened) => [
  ingestion.id,
  timestamp(ingestion.receivedAt),
  ingestion.userId,
  ingestion.keyId,
  ingestion.correlationId,
  archived.bytes,
  archived.sha256,
  archived.rawKey,
  ingestion.idempotencyKey,
  JSON.stringify(ingestion.automation),
  slicesTotal,
  ingestion.replayOf,
  timestamp(ingestion.saidAt),
  archived.cut,
];

const PLACES = COLUMNS.map((_, i) => `$${i + 1}`).join(', ');
const NEXT = COLUMNS.length + 1;

/**
 * Opens the receipt of an upload; of a replay it also writes down who asked for it. The load of a slice does so too: the
 * API may not have reached the database.
 */
export const openReceipt = (opened: Opened, status: 'queued' | 'deferred'): Statement => ({
  text: `
    with opened as (
      insert into ingestions (${COLUMNS.join(', ')}, status, swept_at)
      values (${PLACES}, $${NEXT}, clock_timestamp())
      on conflict do nothing
      returning *
    )
    insert into audit_log (at, key_id, actor_id, action, person_id, object, correlation_id)
    select received_at, key_id, api_keys.user_id, 'replay', opened.user_id, opened.id::text, correlation_id
    from opened
    join api_keys on api_keys.id = opened.key_id
    where replay_of is not null`,
  params: [...openingParameters(opened), status],
});

/** The partitions that a receipt is opened in. */
export const receiptPartitions = ({ receivedAt, replayOf }: Ingestion) => ({
  ingestions: [receivedAt],
  audit_log: replayOf === null ? [] : [receivedAt],
});

/** The row of a slice. Fails with a unique violation on `ingestion_slices` if the slice has been loaded before. */
export const openSlice = (place: SlicePlace, { drift, decoder, counts }: Decoded): Statement => ({
  text: `
    with opened as (
      insert into ingestion_slices (ingestion_id, received_at, slice, counts, unknown_fields, decoder)
      values ($1, $2, $3, '{}', $5, $6)
    )
    ${keepCounts('$4::text')}`,
  params: [
    place.ingestionId,
    place.receivedAt,
    place.slice,
    JSON.stringify(Object.fromEntries([...counts].map(([name, each]) => [name, toList(each)]))),
    Object.keys(drift).length === 0 ? null : JSON.stringify(drift),
    decoder,
  ],
});

/**
 * Names items that were left out, and remarks: as many as there is room for in the receipt. After the receipt is written, so
 * that its lock lets one slice at a time look for room.
 */
export const keepIssues = (place: SlicePlace, issues: readonly Issue[]): Statement => ({
  text: `
    with kept as materialized (
      select metric, code, count(*) as times
      from set_aside
      where (ingestion_id, received_at) = ($1::uuid, $2::timestamptz)
      group by metric, code
    ),
    named as (
      select *, row_number() over (partition by metric, code order by ordinal) as place
      from jsonb_to_recordset($4::jsonb)
        as issue (ordinal int, metric text, pointer text, code text, message text)
    )
    insert into set_aside (
      ingestion_id, received_at, slice, ordinal, metric, pointer, code, message)
    select $1::uuid, $2::timestamptz, $3::int, ordinal, named.metric, pointer, named.code, message
    from named
    left join kept on (kept.metric, kept.code) = (named.metric, named.code)
    where named.place + coalesce(kept.times, 0) <= $5::int
    order by ordinal
    limit greatest(0, $6::int - (select coalesce(sum(times), 0) from kept))`,
  params: [
    place.ingestionId,
    place.receivedAt,
    place.slice,
    JSON.stringify(issues.map((issue, ordinal) => ({ ordinal, ...issue }))),
    MAX_ISSUES_ALIKE,
    MAX_ISSUES,
  ],
});

/**
 * Counts the slice as loaded, and closes the receipt with the last one. Fails, and the load with it, if an item of
 * the slice is unaccounted for. The receipt of a single slice is written here for the first time, and once. Its lock makes
 * two last slices see each other; it is taken last, so that it is held shortly.
 */
export function closeSlice(
  place: SlicePlace,
  opened: Opened,
  issueCounts: ReadonlyMap<string, number>,
): Statement {
  const issues = [...issueCounts.values()].reduce((sum, times) => sum + times, 0);
  return {
    text: `
      with closed as (
        update ingestion_slices set
          loaded_at = clock_timestamp(), counts = pack_counts(${COUNTS_SO_FAR}), issues = $${NEXT + 2}::jsonb
        where (ingestion_id, received_at, slice) = ($1::uuid, $2::timestamptz, $${NEXT}::int)
        returning ${COUNTS_SO_FAR} as counts
      )
      insert into ingestions as known (
        ${COLUMNS.join(', ')}, swept_at, slices_loaded, issues_total, status, completed_at)
      select first.*, clock_timestamp(), 1, $${NEXT + 1}::int,
        case
          when first.slices_total > 1 then 'loading'
          when $${NEXT + 1}::int > 0 then 'stored_with_issues'
          else 'stored'
        end,
        case when first.slices_total = 1 then clock_timestamp() end
      from (values (
        $1::uuid, $2::timestamptz, $3::uuid, $4::uuid, $5, $6::bigint, $7, $8, $9, $10::jsonb, $11::int, $12::uuid,
        $13::timestamptz, $14
      )) as first (${COLUMNS.join(', ')})
      on conflict (id, received_at) do update set
        slices_loaded = known.slices_loaded + 1,
        issues_total = known.issues_total + excluded.issues_total,
        status = case
          when known.status = 'failed' then 'failed'
          when known.slices_loaded + 1 < known.slices_total then 'loading'
          when known.issues_total + excluded.issues_total > 0 then 'stored_with_issues'
          else 'stored'
        end,
        completed_at = case
          when known.slices_loaded + 1 = known.slices_total then clock_timestamp()
          else known.completed_at
        end
      returning (select counts from closed) as counts`,
    params: [
      ...openingParameters(opened),
      place.slice,
      issues,
      issues === 0 ? null : JSON.stringify(Object.fromEntries(issueCounts)),
    ],
  };
}

/**
 * Marks the receipt of an upload that cannot be loaded; its body stays in the archive. One that is complete stands: another
 * delivery may have loaded the last slice meanwhile.
 */
export const failReceipt = (ingestion: Ingestion, failure: FailureCode): Statement => ({
  text: `
    update ingestions set status = 'failed', failure = $3, completed_at = clock_timestamp()
    where (id, received_at) = ($1::uuid, $2::timestamptz) and completed_at is null`,
  params: [ingestion.id, timestamp(ingestion.receivedAt), failure],
});
