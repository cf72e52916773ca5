/** Many people and their receipts, made by the database itself. */

export interface WorldSize {
  people: number;
  /** Of each person, one an hour, the last one in this hour. */
  uploadsEach: number;
}

/** An id whose first 48 bits are the time it was made, as those of uploads are. */
const UPLOAD_ID = `(
  lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
  || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15)
)::uuid`;

/** Statements that fill an empty database, in their order. */
export const worldStatements = ({ people, uploadsEach }: WorldSize): string[] => [
  `insert into users (email) select i || '@people.example.org' from generate_series(1, ${people}) as i`,
  `insert into api_keys (user_id, kind, name, lookup, secret_hash)
   select id, 'ing', 'phone', substr(md5(id::text), 1, 12), 'none' from users where email like '%@people.example.org'`,
  `select ensure_partitions(name, array[now() - interval '${uploadsEach + 1} hours', now()])
   from unnest(array['ingestions', 'ingestion_slices']) as name`,
  `insert into series (user_id, metric, source, grouping, context, display_name, unit)
   select id, 'step_count', 'watch', 'hours', '', 'Watch', 'count' from users where email like '%@people.example.org'`,
  ...Array.from({ length: uploadsEach }, (_, hour) => uploadsOf(hour)),
  'analyze',
];

/** One receipt of each person, an hour further back each time, and its slice. */
const uploadsOf = (hoursAgo: number): string => `
  with uploads as (
    select ${UPLOAD_ID} as id, at, user_id, key_id
    from (
      select date_trunc('milliseconds', now() - interval '${hoursAgo} hours' - random() * interval '2 minutes') as at,
        user_id, id as key_id
      from api_keys where lookup = substr(md5(user_id::text), 1, 12)
    ) as made
  ),
  receipts as (
    insert into ingestions (id, received_at, user_id, key_id, correlation_id, bytes, sha256, raw_key, automation,
      status, slices_total, slices_loaded, completed_at)
    select id, at, user_id, key_id, 'simulated', 32000, '', 'raw/' || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24')
        || '/' || user_id || '/' || id, '{}', 'stored', 1, 1, at + interval '1 second'
    from uploads
    returning id, received_at
  )
  insert into ingestion_slices (ingestion_id, received_at, slice, loaded_at, counts)
  select id, received_at, 0, received_at + interval '1 second', '{}' from receipts`;

/** Raw objects of the hours that a run looks at. */
export const RAW_KEYS = `
  select split_part(raw_key, '/', 2) as hour, raw_key
  from ingestions
  where received_at > now() - interval '3 hours'
  order by hour, raw_key collate "C"`;
