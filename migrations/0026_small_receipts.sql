-- Receipts become small, and what one upload may keep is bounded.

-- Of the counts of a metric or section the one at `place`: received, inserted, updated, unchanged, set aside. Written as a list
-- of these; releases up to 0.4.0 wrote an object.
create function count_at(counts jsonb, place integer) returns bigint
language sql immutable as $$
  select case jsonb_typeof(counts)
    when 'array' then (counts ->> place)::bigint
    else (counts ->> ('{received,inserted,updated,unchanged,set_aside}'::text[])[place + 1])::bigint
  end
$$;

create or replace function counts_close(counts jsonb) returns boolean
language sql immutable as $$
  select coalesce(bool_and(
    count_at(value, 0) = count_at(value, 1) + count_at(value, 2) + count_at(value, 3) + count_at(value, 4)), true)
  from jsonb_each(counts)
$$;

-- Names of the catalogue by number: of the counts of 60 metrics, the names would be two thirds. Only ever added to, by
-- migrations/run.ts; what one database has numbered leaves it by name.
create table metric_numbers (
  number smallint primary key generated always as identity,
  name text not null unique
);

grant select on metric_numbers to self_sensored_reader;

-- { "<number>": […], ":<name that the catalogue does not have>": […] }
create function pack_counts(counts jsonb) returns jsonb
language sql stable as $$
  select coalesce(jsonb_object_agg(coalesce(number::text, ':' || key), value), '{}')
  from jsonb_each(counts)
  left join metric_numbers on name = key
$$;

-- By name again. Rows of releases up to 0.4.0 have plain names already.
create function unpack_counts(counts jsonb) returns jsonb
language sql stable as $$
  select coalesce(jsonb_object_agg(case when key like ':%' then substr(key, 2) else coalesce(name, key) end, value), '{}')
  from jsonb_each(counts)
  left join metric_numbers on number::text = key
$$;

-- How many issues the slice has, by code: more than are kept in `set_aside`. Null: none.
alter table ingestion_slices add column issues jsonb;

update ingestion_slices set issues = by_code.issues
from (
  select ingestion_id, received_at, slice, jsonb_object_agg(code, times) as issues
  from (
    select ingestion_id, received_at, slice, code, count(*) as times
    from set_aside group by ingestion_id, received_at, slice, code
  ) as each
  group by ingestion_id, received_at, slice
) as by_code
where (ingestion_slices.ingestion_id, ingestion_slices.received_at, ingestion_slices.slice)
  = (by_code.ingestion_id, by_code.received_at, by_code.slice);

-- A slice is opened first and its receipt written last, once: the key of the slice must be checked at the end.
alter table ingestion_slices
  alter constraint ingestion_slices_ingestion_id_received_at_fkey deferrable initially deferred;

-- Found by its hash alone: a third of what the hash took beside the key of its uploader.
drop index ingestions_of_body;
create index ingestions_of_body on ingestions using hash (sha256);
