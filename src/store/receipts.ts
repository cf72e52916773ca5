import type { Statement } from '../database.ts';
import type { Archived, Counts, Drift, FailureCode, Ingestion, Issue } from '../model.ts';
import type { SlicePlace } from './counts.ts';

/** The receipts: what became of each upload, counted by the database in the transaction that stored it. */

export const timestamp = (instant: number): string => new Date(instant).toISOString();

/**
 * Opens the receipt of an upload, and writes down that its key was used. Every load does so too: the API may not have
 * reached the database.
 */
export function openReceipt(
  ingestion: Ingestion,
  archived: Archived,
  slicesTotal: number,
  status: 'queued' | 'deferred',
): Statement {
  return {
    text: `
      with opened as (
        insert into ingestions (
          id, received_at, user_id, key_id, correlation_id, bytes, sha256, raw_key, idempotency_key,
          automation, status, slices_total, replay_of, said_at, cut, swept_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, clock_timestamp())
        on conflict do nothing
        returning *
      )
      insert into audit_log (at, key_id, actor_id, action, person_id, object, correlation_id)
      select received_at, key_id, api_keys.user_id, case when replay_of is null then 'upload' else 'replay' end,
        opened.user_id, opened.id::text, correlation_id
      from opened
      join api_keys on api_keys.id = opened.key_id`,
    params: [
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
      status,
      slicesTotal,
      ingestion.replayOf,
      timestamp(ingestion.saidAt),
      archived.cut,
    ],
  };
}

/** The partitions that a receipt is opened in. */
export const receiptPartitions = ({ receivedAt }: Ingestion) => ({
  ingestions: [receivedAt],
  audit_log: [receivedAt],
});

/** The row of a slice. Fails with a unique violation on `ingestion_slices` if the slice has been loaded before. */
export const openSlice = (
  place: SlicePlace,
  counts: Record<string, Counts>,
  { drift, decoder }: { drift: Drift; decoder: number },
): Statement => ({
  text: `
    insert into ingestion_slices (ingestion_id, received_at, slice, counts, unknown_fields, decoder)
    values ($1, $2, $3, $4, $5, $6)`,
  params: [
    place.ingestionId,
    place.receivedAt,
    place.slice,
    JSON.stringify(counts),
    Object.keys(drift).length === 0 ? null : JSON.stringify(drift),
    decoder,
  ],
});

/** Names every item that was left out, and every remark. */
export const keepIssues = (place: SlicePlace, issues: readonly Issue[]): Statement => ({
  text: `
    insert into set_aside (
      ingestion_id, received_at, slice, ordinal, metric, pointer, code, message)
    select $1::uuid, $2::timestamptz, $3::int, ordinal, metric, pointer, code, message
    from jsonb_to_recordset($4::jsonb)
      as issue (ordinal int, metric text, pointer text, code text, message text)`,
  params: [
    place.ingestionId,
    place.receivedAt,
    place.slice,
    JSON.stringify(issues.map((issue, ordinal) => ({ ordinal, ...issue }))),
  ],
});

/**
 * Counts the slice as loaded, and closes the receipt with the last one. Fails, and the load with it, if an item of
 * the slice is unaccounted for. The row lock makes two last slices see each other; it is taken last, so that it is
 * held shortly.
 */
export const closeSlice = (place: SlicePlace, issues: number): Statement => ({
  text: `
    with closed as (
      update ingestion_slices set loaded_at = clock_timestamp()
      where (ingestion_id, received_at, slice) = ($1::uuid, $2::timestamptz, $4::int)
      returning counts
    )
    update ingestions set
      slices_loaded = slices_loaded + 1,
      issues_total = issues_total + $3::int,
      status = case
        when status = 'failed' then 'failed'
        when slices_loaded + 1 < slices_total then 'loading'
        when issues_total + $3::int > 0 then 'stored_with_issues'
        else 'stored'
      end,
      completed_at = case
        when slices_loaded + 1 = slices_total then clock_timestamp()
        else completed_at
      end
    where (id, received_at) = ($1::uuid, $2::timestamptz)
    returning (select counts from closed) as counts`,
  params: [place.ingestionId, place.receivedAt, issues, place.slice],
});

/** Marks the receipt of an upload that cannot be loaded; its body stays in the archive. */
export const failReceipt = (ingestion: Ingestion, failure: FailureCode): Statement => ({
  text: `
    update ingestions set status = 'failed', failure = $3, completed_at = clock_timestamp()
    where (id, received_at) = ($1::uuid, $2::timestamptz)`,
  params: [ingestion.id, timestamp(ingestion.receivedAt), failure],
});
