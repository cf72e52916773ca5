import { instantOf, type Row, type Statement } from '../database.ts';
import type { Archived, Automation, Ingestion } from '../model.ts';
import { timestamp } from './receipts.ts';

/** An upload from the same key that the present one repeats. */
export interface EarlierUpload {
  ingestion: Ingestion;
  archived: Archived;
  slicesTotal: number;
  /** Its receipt is complete. If not, slices may have been lost on the way. */
  closed: boolean;
}

/** By its idempotency key if it has one, else by its body. A failed upload is none: it may be tried again. */
export function selectEarlier(ingestion: Ingestion, sha256: string, hours: number): Statement {
  const column = ingestion.idempotencyKey === null ? 'sha256' : 'idempotency_key';
  return {
    text: `
      select id, received_at, correlation_id, automation, raw_key, bytes, sha256, cut, slices_total,
        completed_at is not null as closed
      from ingestions
      where key_id = $1::uuid
        and ${column} = $2
        and status <> 'failed'
        and replay_of is null
        and received_at > $3::timestamptz
      order by received_at
      limit 1`,
    params: [
      ingestion.keyId,
      ingestion.idempotencyKey ?? sha256,
      timestamp(ingestion.receivedAt - hours * 3_600_000),
    ],
  };
}

/** @param ingestion the present upload: person and key are the same. */
export const toEarlier = (row: Row, ingestion: Ingestion): EarlierUpload => ({
  ingestion: {
    ...ingestion,
    id: String(row.id),
    receivedAt: instantOf(row.received_at),
    saidAt: instantOf(row.received_at),
    correlationId: String(row.correlation_id),
    automation: row.automation as Automation,
  },
  archived: {
    rawKey: String(row.raw_key),
    bytes: Number(row.bytes),
    sha256: String(row.sha256),
    cut: String(row.cut),
  },
  slicesTotal: Number(row.slices_total),
  closed: row.closed === true,
});
