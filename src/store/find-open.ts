import { instantOf, type Row, type Statement } from '../database.ts';
import type { Archived, Automation, Ingestion } from '../model.ts';
import { timestamp } from './receipts.ts';

/** An upload whose receipt does not close, and what is known of its slices. */
export interface OpenUpload {
  /** With the time zone that the person has today. */
  ingestion: Ingestion;
  archived: Archived;
  slicesTotal: number;
  loaded: Set<number>;
}

/**
 * Takes up receipts that are open and have not moved for so many seconds; twice as long each time that sending their
 * slices again has not helped, up to 32 times. Taken up by one sweeper at a time.
 */
export const takeOpen = (limit: number, seconds: number): Statement => ({
  text: `
    with stuck as (
      select id, received_at
      from ingestions
      where completed_at is null
        and (
          swept_at = '-infinity'
          or greatest(coalesce(swept_at, received_at), (
            select max(loaded_at) from ingestion_slices as slice
            where (slice.ingestion_id, slice.received_at) = (ingestions.id, ingestions.received_at)
          )) < now() - make_interval(secs => $2::int) * 2 ^ least(sweeps, 5)
        )
      order by received_at
      limit $1::int
      for update skip locked
    )
    update ingestions
    set swept_at = clock_timestamp(), sweeps = sweeps + 1
    from stuck, users
    where (ingestions.id, ingestions.received_at) = (stuck.id, stuck.received_at)
      and users.id = ingestions.user_id
    returning ingestions.*, users.time_zone, (
      select jsonb_agg(slice) from ingestion_slices as loaded
      where (loaded.ingestion_id, loaded.received_at) = (ingestions.id, ingestions.received_at)
    ) as loaded`,
  params: [limit, seconds],
});

/**
 * After the queue has lost its messages, as one in memory does when its machine stops: every open receipt is due at the
 * next sweep, however young.
 */
export const MARK_MESSAGES_LOST: Statement = {
  text: `update ingestions set swept_at = '-infinity', sweeps = 0 where completed_at is null`,
  params: [],
};

export const toOpenUpload = (row: Row): OpenUpload => ({
  ingestion: {
    id: String(row.id),
    userId: String(row.user_id),
    keyId: String(row.key_id),
    receivedAt: instantOf(row.received_at),
    saidAt: instantOf(row.said_at ?? row.received_at),
    replayOf: row.replay_of === null ? null : String(row.replay_of),
    correlationId: String(row.correlation_id),
    traceparent: null,
    timeZone: String(row.time_zone),
    automation: row.automation as Automation,
    idempotencyKey: row.idempotency_key === null ? null : String(row.idempotency_key),
  },
  archived: {
    rawKey: String(row.raw_key),
    bytes: Number(row.bytes),
    sha256: String(row.sha256),
    cut: String(row.cut ?? ''),
  },
  slicesTotal: Number(row.slices_total),
  loaded: new Set((row.loaded ?? []) as number[]),
});

/** How many receipts are open. */
export const COUNT_OPEN: Statement = {
  text: 'select count(*)::int as open from ingestions where completed_at is null',
  params: [],
};

/** Which of these uploads have no receipt, of people who are not being erased. With the time each was received. */
export const selectWithoutReceipt = (
  uploads: readonly { id: string; userId: string; receivedAt: number }[],
): Statement => ({
  text: `
    select archived.id
    from jsonb_to_recordset($1::jsonb) as archived (id uuid, person uuid, at timestamptz)
    join users on users.id = person and erasing_since is null
    where not exists (select from ingestions where (ingestions.id, received_at) = (archived.id, at))`,
  params: [
    JSON.stringify(
      uploads.map(({ id, userId, receivedAt }) => ({
        id,
        person: userId,
        at: timestamp(receivedAt),
      })),
    ),
  ],
});

/**
 * Receipts of the last three days that are complete, but do not add up. The checks of the tables make that impossible:
 * whoever finds one has found a fault of ours, or a hand in the tables.
 */
export const SELECT_NOT_CLOSING: Statement = {
  text: `
    select id
    from ingestions
    cross join lateral (
      select count(*) as slices, coalesce(bool_and(loaded_at is not null and counts_close(counts)), true) as closes
      from ingestion_slices as slice
      where (slice.ingestion_id, slice.received_at) = (ingestions.id, ingestions.received_at)
    ) as loaded
    where received_at > now() - interval '3 days'
      and completed_at is not null
      and status <> 'failed'
      and (slices_loaded <> slices_total or loaded.slices <> slices_total or not loaded.closes)
    order by received_at
    limit 100`,
  params: [],
};

/** Whoever has an address, and is not being erased. */
export const selectPerson = (email: string): Statement => ({
  text: 'select id from users where email = $1 and erasing_since is null',
  params: [email],
});
