import type { Statement } from '../database.ts';
import type { HealthEvent } from '../model.ts';
import { COUNT, placeParameters, type SlicePlace } from './counts.ts';
import { timestamp } from './receipts.ts';
import { ANY_TIME, timeBounds } from './time-bounds.ts';

/** The events as one document. */
const incoming = (parameter: '$2' | '$3' | '$6'): string => `
  incoming as materialized (
    select *
    from jsonb_to_recordset(${parameter}::jsonb) as event (
      section text, kind text, key text, key_is_unique boolean, started_at timestamptz, ended_at timestamptz,
      name text, code text, value text, value_code text, quantity float8, source text, attributes jsonb,
      fingerprint bigint)
  )`;

/** One load of a person's events after the other: two that move the same event would leave it twice. */
const TAKE_TURNS = `select pg_advisory_xact_lock(hashtext('events'), hashtext($1))`;

/** An event that is known by its id alone goes where the later payload says it began. $2 time that rows carry. */
const MOVE = `
  with ${incoming('$3')}
  update events set started_at = incoming.started_at
  from incoming
  where incoming.key_is_unique
    and events.user_id = $1::uuid
    and (events.kind, events.key) = (incoming.kind, incoming.key)
    and events.started_at <> incoming.started_at
    and (events.received_at, events.fingerprint) < ($2::timestamptz, incoming.fingerprint)`;

/**
 * An event that was stored under the app's own word, before a vocabulary knew it, gets the key that the word means
 * today: else a replay would store it twice. $2 events, $3 and $4 their first and last start.
 */
const RENAME = `
  with ${incoming('$2')}
  update events set key = incoming.key
  from incoming
  where incoming.kind in ('symptom', 'cycle_tracking', 'heart_rate_notification')
    and events.user_id = $1::uuid
    and (events.kind, events.started_at, events.name) = (incoming.kind, incoming.started_at, incoming.name)
    and events.ended_at is not distinct from incoming.ended_at
    and events.key <> incoming.key
    and events.started_at between $3::timestamptz and $4::timestamptz
    and not exists (
      select from events as stored
      where stored.user_id = $1::uuid
        and stored.started_at between $3::timestamptz and $4::timestamptz
        and (stored.kind, stored.key, stored.started_at) = (incoming.kind, incoming.key, incoming.started_at)
    )`;

/** The later payload replaces what differs; within one payload the greater quantity stands. */
const REPLACE = `
  (excluded.received_at, coalesce(excluded.quantity, '-infinity'), excluded.fingerprint)
    > (events.received_at, coalesce(events.quantity, '-infinity'), events.fingerprint)`;

/** A quantity may be partial: it never shrinks what is stored. */
const RAISE = `excluded.quantity > coalesce(events.quantity, '-infinity')`;

/** $6 events, $7 and $8 the first and last start that one of them may be stored under. */
const upsert = (rule: string): string => `
  with ${incoming('$6')},
  fresh as (
    select incoming.*
    from incoming
    where not exists (
      select from events as stored
      where stored.user_id = $1::uuid
        and stored.started_at between $7::timestamptz and $8::timestamptz
        and (stored.kind, stored.key) = (incoming.kind, incoming.key)
        and case
          when stored.started_at = incoming.started_at then stored.fingerprint = incoming.fingerprint
          -- A later payload has moved it away.
          else incoming.key_is_unique
        end
    )
  ),
  written as (
    insert into events (
      user_id, kind, key, started_at, ended_at, received_at, name, code, value, value_code, quantity, source,
      attributes, fingerprint)
    select $1::uuid, kind, key, started_at, ended_at, $5::timestamptz, name, code, value, value_code, quantity,
      source, attributes, fingerprint
    from fresh
    order by kind, key, started_at
    on conflict (user_id, kind, key, started_at) do update set
      ended_at = excluded.ended_at,
      received_at = greatest(excluded.received_at, events.received_at),
      name = excluded.name,
      code = excluded.code,
      value = excluded.value,
      value_code = excluded.value_code,
      quantity = excluded.quantity,
      source = excluded.source,
      attributes = excluded.attributes,
      fingerprint = excluded.fingerprint,
      revision = coalesce(events.revision, 0) + 1
    where ${rule}
    returning kind, revision
  ),
  seen as (
    select section as metric, count(*) as rows from incoming group by section
  ),
  changed as (
    select section as metric,
      count(*) - count(revision) as inserted,
      count(revision) as updated
    from written
    join (select distinct kind, section from incoming) as sections using (kind)
    group by section
  ),
  ${COUNT}`;

const UPSERT_REPLACING = upsert(REPLACE);
const UPSERT_RAISING = upsert(RAISE);

export function upsertEvents(place: SlicePlace, events: readonly HealthEvent[]): Statement[] {
  const statement = (text: string, raiseOnly: boolean): Statement[] => {
    const chosen = events.filter((event) => event.raiseOnly === raiseOnly);
    if (chosen.length === 0) return [];
    const bounds = chosen.some(({ keyIsUnique }) => keyIsUnique) ? ANY_TIME : boundsOf(chosen);
    return [{ text, params: [...placeParameters(place), documentOf(chosen), ...bounds] }];
  };
  return [
    { text: RENAME, params: [place.userId, documentOf(events), ...boundsOf(events)] },
    ...moved(place, events),
    ...statement(UPSERT_REPLACING, false),
    ...statement(UPSERT_RAISING, true),
  ];
}

function moved({ userId, saidAt }: SlicePlace, events: readonly HealthEvent[]): Statement[] {
  const movable = events.filter(({ keyIsUnique }) => keyIsUnique);
  if (movable.length === 0) return [];
  return [
    { text: TAKE_TURNS, params: [userId] },
    { text: MOVE, params: [userId, saidAt, documentOf(movable)] },
  ];
}

const boundsOf = (events: readonly HealthEvent[]) =>
  timeBounds(events.map(({ startedAt }) => startedAt));

const documentOf = (events: readonly HealthEvent[]): string =>
  JSON.stringify(events.map(toColumns));

const toColumns = (event: HealthEvent) => ({
  section: event.section,
  kind: event.kind,
  key: event.key,
  key_is_unique: event.keyIsUnique,
  started_at: timestamp(event.startedAt),
  ended_at: event.endedAt === null ? null : timestamp(event.endedAt),
  name: event.name,
  code: event.code,
  value: event.value,
  value_code: event.valueCode,
  quantity: event.quantity,
  source: event.source,
  attributes: event.attributes,
  fingerprint: event.fingerprint,
});
