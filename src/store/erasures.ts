import { instantOf, type Row, type Statement } from '../database.ts';
import { requirePerson } from './require-person.ts';

/** The rows of erasures: what is being erased, and the receipt that remains (migrations/0014). */

/** Counted of each table at most: what there is to be erased is told within a request. */
export const MOST_COUNTED = 100_000;

/** Rows of a person, table by table, up to `MOST_COUNTED` of each partition. */
export const countRows = (userId: string): Statement => ({
  text: 'select count_person_rows($1::uuid, $2::int) as counts',
  params: [userId, MOST_COUNTED],
});

/** Bodies that the receipts of a person name, up to a number. */
export const countBodies = (userId: string, most: number): Statement => ({
  text: `
    select count(distinct raw_key)::int as bodies
    from (select raw_key from ingestions where user_id = $1::uuid limit $2::int) as named`,
  params: [userId, most],
});

/**
 * From here on the person is gone for everyone: the lock waits for loads that are under way, the keys open nothing,
 * the address is free. In one transaction, which fails where the person is being erased already.
 */
export const beginErasure = (id: string, userId: string, correlationId: string): Statement[] => [
  { text: 'select 1 from users where id = $1::uuid for update', params: [userId] },
  requirePerson(userId),
  {
    text: `
      insert into erasures (id, person_id, correlation_id)
      select $1::uuid, id, $3 from users where id = $2::uuid and erasing_since is null`,
    params: [id, userId, correlationId],
  },
  {
    text: `
      update users set erasing_since = clock_timestamp(), email = id || '@erased.invalid'
      where id = $1::uuid and erasing_since is null`,
    params: [userId],
  },
  {
    text: 'update api_keys set revoked_at = coalesce(revoked_at, now()) where user_id = $1::uuid',
    params: [userId],
  },
];

/** An erasure that goes on, and the keys that must be forgotten. */
export interface OpenErasure {
  id: string;
  personId: string;
  /** No body of this person is older. */
  personSince: number;
  beganAt: number;
  /** The hour whose bodies are erased next; `null`: it has not begun. */
  archiveHour: string | null;
  keys: { id: string; lookup: string }[];
  /** Exports under way, whose uploads would be left behind. */
  uploads: { id: string; uploadId: string }[];
}

export const selectOpenErasure = (id: string): Statement => ({
  text: `
    select id, person_id, created_at, archive_hour,
      (select users.created_at from users where users.id = person_id) as person_since,
      (
        select coalesce(jsonb_agg(jsonb_build_object('id', api_keys.id, 'lookup', lookup)), '[]')
        from api_keys where user_id = person_id
      ) as keys,
      (
        select coalesce(jsonb_agg(jsonb_build_object('id', exports.id, 'uploadId', upload_id)), '[]')
        from exports where user_id = person_id and upload_id is not null
      ) as uploads
    from erasures
    where id = $1::uuid and status = 'running'`,
  params: [id],
});

export const toOpenErasure = (row: Row): OpenErasure => ({
  id: String(row.id),
  personId: String(row.person_id),
  personSince: instantOf(row.person_since),
  beganAt: instantOf(row.created_at),
  archiveHour: row.archive_hour === null ? null : String(row.archive_hour),
  keys: row.keys as OpenErasure['keys'],
  uploads: row.uploads as OpenErasure['uploads'],
});

/** What a step has erased, and the hour that the archive is erased from next. */
export interface ErasedPart {
  objects: Readonly<Record<string, number>>;
  cacheEntries: number;
  archiveHour: string | null;
}

/** Adds to what was counted. */
export const countErased = (
  id: string,
  { objects, cacheEntries, archiveHour }: ErasedPart,
): Statement => ({
  text: `
    update erasures set
      objects = objects || (
        select coalesce(jsonb_object_agg(key, value::bigint + coalesce((objects ->> key)::bigint, 0)), '{}')
        from jsonb_each_text($2::jsonb)
      ),
      cache_entries = greatest(cache_entries, $3::int),
      archive_hour = coalesce($4, archive_hour),
      touched_at = clock_timestamp()
    where id = $1::uuid`,
  params: [id, JSON.stringify(objects), cacheEntries, archiveHour],
});

/** Rows of one round trip: a second or two of work. */
const ROWS_AT_ONCE = 50_000;

/** @returns `is_last`: whether no rows are left */
export const eraseRows = (id: string): Statement => ({
  text: 'select erase_rows($1::uuid, $2::int) as is_last',
  params: [id, ROWS_AT_ONCE],
});

/** @returns `is_done`; else something has come in meanwhile, and it begins again */
export const finishErasure = (id: string): Statement => ({
  text: 'select finish_erasure($1::uuid) as is_done',
  params: [id],
});

/**
 * Erasures of the last days: a body whose upload had begun before may have come in after. Those that are older forget
 * the person. @returns `id`, `person_id` and `created_at` of those after an id, in the order of ids
 */
export const selectRecentErasures = (after: string | null, limit: number): Statement => ({
  text: `
    with forgotten as (
      update erasures set person_id = null
      where status = 'done' and person_id is not null and finished_at < now() - interval '2 days'
    )
    select id, person_id, created_at from erasures
    where status = 'done' and person_id is not null and finished_at >= now() - interval '2 days'
      and ($1::uuid is null or id > $1::uuid)
    order by id
    limit $2::int`,
  params: [after, limit],
});

/** The receipt as it goes over the wire: counts, and nothing of the person. */
export interface ErasureReceipt {
  id: string;
  status: 'running' | 'done';
  began_at: string;
  finished_at: string | null;
  erased: Record<string, number>;
  objects: Record<string, number>;
  cache_entries: number;
  remaining: Record<string, number> | null;
}

/** The one that goes on, of a person. */
export const selectErasureOf = (userId: string): Statement => ({
  text: `select id from erasures where person_id = $1::uuid and status = 'running'`,
  params: [userId],
});

export const selectErasure = (id: string): Statement => ({
  text: `
    select id, status, created_at, finished_at, erased, objects, cache_entries, remaining
    from erasures where id = $1::uuid`,
  params: [id],
});

export const toErasure = (row: Row): ErasureReceipt => ({
  id: String(row.id),
  status: row.status as ErasureReceipt['status'],
  began_at: new Date(instantOf(row.created_at)).toISOString(),
  finished_at: row.finished_at === null ? null : new Date(instantOf(row.finished_at)).toISOString(),
  erased: row.erased as Record<string, number>,
  objects: row.objects as Record<string, number>,
  cache_entries: Number(row.cache_entries),
  remaining: row.remaining as Record<string, number> | null,
});
