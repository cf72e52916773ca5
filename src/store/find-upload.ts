import { instantOf, type Row, type Statement } from '../database.ts';
import type { Automation } from '../model.ts';
import { receivedAtOf } from './find-receipts.ts';
import { timestamp } from './receipts.ts';

/** What it takes to load an upload once more. */
export interface StoredUpload {
  rawKey: string;
  bytes: number;
  automation: Automation;
  saidAt: number;
}

/** One upload of a person; of one key alone, if `keyId` is given. */
export const selectUpload = (id: string, userId: string, keyId: string | null): Statement => ({
  text: `
    select raw_key, bytes, automation, coalesce(said_at, received_at) as said_at
    from ingestions
    where user_id = $1::uuid
      and (id, received_at) = ($2::uuid, $3::timestamptz)
      and ($4::uuid is null or key_id = $4::uuid)`,
  params: [userId, id, timestamp(receivedAtOf(id)), keyId],
});

export const toUpload = (row: Row): StoredUpload => ({
  rawKey: String(row.raw_key),
  bytes: Number(row.bytes),
  automation: row.automation as Automation,
  saidAt: instantOf(row.said_at),
});
