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

export interface OpenBudget {
  uploads: number;
  /** Of their bodies together; the first is taken whatever it has. */
  bytes: number;
  /** A receipt that has moved since is not stuck. */
  seconds: number;
}

/**
 * Takes up receipts that are open and have not moved for so many seconds; twice as long each time that sending their
 * slices again has not helped, up to 32 times. Taken up by one sweeper at a time.
 */
export const takeOpen = ({ uploads, bytes, seconds }: OpenBudget): Statement => ({
  text: `
    with stuck as (
      select id, received_at, bytes
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
    ),
    taken as (
      select id, received_at
      from (
        select id, received_at, sum(bytes) over (order by received_at, id) - bytes as before from stuck
      ) as queue
      where before < $3::bigint
    )
    update ingestions
    set swept_at = clock_timestamp(), sweeps = sweeps + 1
    from taken, users
    where (ingestions.id, ingestions.received_at) = (taken.id, taken.received_at)
      and users.id = ingestions.user_id
    returning ingestions.*, users.time_zone, (
      select jsonb_agg(slice) from ingestion_slices as loaded
      where (loaded.ingestion_id, loaded.received_at) = (ingestions.id, ingestions.received_at)
    ) as loaded`,
  params: [uploads, seconds, bytes],
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

/** How many receipts are open, up to a number. */
export const COUNT_OPEN: Statement = {
  text: `
    select count(*)::int as open
    from (select from ingestions where completed_at is null limit 100000) as open_ones`,
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

/** Whoever has an address, and is not being erased. */
export const selectPerson = (email: string): Statement => ({
  text: 'select id from users where email = $1 and erasing_since is null',
  params: [email],
});
