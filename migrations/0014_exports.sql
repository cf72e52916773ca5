-- Everything of a person as one zip, and the erasure of everything of a person.

-- An export is written part by part. What the next turn needs to go on is in the row; the archive has the rest.
create table exports (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  -- who asked
  key_id uuid not null references api_keys (id) on delete cascade,
  correlation_id text not null,
  -- what happened in [from_at, to_at); null: from the first, to the last
  from_at timestamptz,
  to_at timestamptz,
  include_raw boolean not null,
  status text not null default 'running' check (status in ('running', 'done', 'failed', 'expired')),
  -- [{ part, from, to }]: a table and a span of time each, in the order of the zip
  plan jsonb not null default '[]',
  -- how many of the plan are done, and how far the next one is
  step integer not null default 0,
  position jsonb,
  -- the multipart upload, and its parts so far: [{ partNumber, etag }]
  upload_id text,
  parts jsonb not null default '[]',
  -- which side object holds the bytes after the last whole part; 0: there are none
  rest integer not null default 0,
  -- of the zip so far, the rest included
  bytes bigint not null default 0,
  files integer not null default 0,
  sha256 text,
  failure text,
  -- attempts in a row that came to nothing, and beginnings from scratch
  faults integer not null default 0,
  restarts integer not null default 0,
  -- whoever works on it, alone, until then
  lease uuid,
  leased_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  touched_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  expires_at timestamptz
);

create index exports_of_user on exports (user_id, created_at desc);
create index exports_running on exports (touched_at) where status = 'running';
create index exports_to_expire on exports (expires_at) where status = 'done';

-- The entries of the zip: its central directory and its manifest are made of them.
create table export_files (
  export_id uuid not null references exports (id) on delete cascade,
  ordinal integer not null,
  path text not null,
  part text not null,
  rows bigint,
  bytes bigint not null,
  packed bigint not null,
  crc32 bigint not null,
  sha256 text not null,
  -- of its header in the zip
  starts_at bigint not null,
  primary key (export_id, ordinal)
);

alter table exports enable row level security;
create policy own_rows on exports for select using (user_id = app_person());
grant select on exports to self_sensored_reader;

-- From then on nothing more is stored of this person, and what is stored is being erased.
alter table users add column erasing_since timestamptz;

-- Every load asks this first, in its transaction. The lock makes an erasure wait for loads that are under way, so that
-- what they store is erased, too; loads that come after it find nobody.
create function require_person(person uuid) returns void
language plpgsql as $$
begin
  perform from users where id = person and erasing_since is null for key share;
  if not found then
    raise exception 'there is no such person' using errcode = 'SS001';
  end if;
end
$$;

-- The receipt of an erasure, which says nothing of anyone's health. It outlives the person, so it refers to nobody.
create table erasures (
  -- Whoever knows it may read the receipt: the keys are gone.
  id uuid primary key default gen_random_uuid(),
  -- Forgotten once nothing can arrive any more.
  person_id uuid,
  correlation_id text not null,
  status text not null default 'running' check (status in ('running', 'done')),
  -- the last relation that is done, in the order of person_relations
  place text not null default '',
  -- { "<table>": rows }
  erased jsonb not null default '{}',
  -- { "<prefix>": objects }
  objects jsonb not null default '{}',
  cache_entries integer not null default 0,
  -- what a last look found, as `erased`: always nothing
  remaining jsonb,
  created_at timestamptz not null default clock_timestamp(),
  touched_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);

create index erasures_open on erasures (touched_at) where person_id is not null;

-- Every table and partition, retired ones too, that has rows of people: by its columns, so that a table that is yet to
-- come is not forgotten. First what hangs on a series, then what hangs on an upload, then what names its person; the
-- series themselves, the keys and the person go last.
create view person_relations as
select
  concat_ws('|', found.rank, child.relname, spaces.nspname) as place,
  spaces.nspname::text as schema,
  child.relname::text as relation,
  coalesce(parent.relname, regexp_replace(child.relname, '_\d{4}(_\d{2})?(_\d+)?$', ''))::text as table_name,
  found.condition
from pg_class as child
join pg_namespace as spaces on spaces.oid = child.relnamespace and spaces.nspname in ('public', 'retired')
left join pg_inherits on inhrelid = child.oid
left join pg_class as parent on parent.oid = inhparent
cross join lateral (
  select rank, condition
  from pg_attribute
  join (values
    ('series_id', 1, 'series_id in (select id from public.series where user_id = $1)'),
    ('ingestion_id', 2, 'ingestion_id in (' || (
      select string_agg(format('select id from %I.%I where user_id = $1', nspname, relname), ' union all ')
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where (nspname, relname) = ('public', 'ingestions')
        or (nspname = 'retired' and relname ~ '^ingestions_\d' and relkind = 'r')
    ) || ')'),
    ('user_id', 3, 'user_id = $1')
  ) as known (name, rank, condition) on known.name = attname
  where attrelid = child.oid and not attisdropped
  order by rank
  limit 1
) as found
where child.relkind = 'r'
  and (spaces.nspname, child.relname) not in (('public', 'series'), ('public', 'api_keys'));

-- How many rows a person has, table by table; of each relation `most` are counted.
create function count_person_rows(person uuid, most integer) returns jsonb
language plpgsql as $$
declare
  place record;
  found bigint;
  counts jsonb := '{}';
begin
  for place in select * from person_relations order by person_relations.place loop
    execute format('select count(*) from (select from only %I.%I where %s limit $2) as counted',
      place.schema, place.relation, place.condition) into found using person, most;
    if found > 0 then
      counts := counts || jsonb_build_object(place.table_name, coalesce((counts ->> place.table_name)::bigint, 0) + found);
    end if;
  end loop;
  return counts;
end
$$;

-- Erases up to `most` rows. @returns whether none is left.
create function erase_rows(erasure uuid, most integer) returns boolean
language plpgsql as $$
declare
  job erasures;
  place record;
  gone bigint;
  budget bigint := most;
begin
  select * into job from erasures where id = erasure and status = 'running' for update;
  if not found then
    return true;
  end if;
  for place in select * from person_relations where person_relations.place > job.place order by person_relations.place loop
    execute format(
      'delete from only %1$I.%2$I where ctid = any (array(select ctid from only %1$I.%2$I where %3$s limit $2))',
      place.schema, place.relation, place.condition) using job.person_id, budget;
    get diagnostics gone = row_count;
    if gone > 0 then
      job.erased := job.erased
        || jsonb_build_object(place.table_name, coalesce((job.erased ->> place.table_name)::bigint, 0) + gone);
    end if;
    budget := budget - gone;
    exit when budget <= 0;
    job.place := place.place;
  end loop;
  update erasures set place = job.place, erased = job.erased, touched_at = clock_timestamp() where id = erasure;
  return budget > 0;
end
$$;

create function own_key(person uuid) returns uuid
language sql stable as $$
  select id from api_keys where user_id = person order by created_at, id limit 1
$$;

-- Takes a last look, and erases the person. @returns false if something was left: then it goes on from the beginning.
create function finish_erasure(erasure uuid) returns boolean
language plpgsql as $$
declare
  job erasures;
  remaining jsonb;
  series_gone bigint;
  keys_gone bigint;
begin
  select * into job from erasures where id = erasure and status = 'running' for update;
  if not found then
    return true;
  end if;
  remaining := count_person_rows(job.person_id, 1);
  if remaining <> '{}' then
    update erasures set place = '', touched_at = clock_timestamp() where id = erasure;
    return false;
  end if;
  -- What this person's keys have done for others stays with them, under a key of their own.
  update ingestions set key_id = coalesce(own_key(user_id), key_id)
  where user_id <> job.person_id and key_id in (select id from api_keys where user_id = job.person_id);
  update jobs set key_id = coalesce(own_key(user_id), key_id)
  where user_id <> job.person_id and key_id in (select id from api_keys where user_id = job.person_id);
  select count(*) into series_gone from series where user_id = job.person_id;
  select count(*) into keys_gone from api_keys where user_id = job.person_id;
  delete from users where id = job.person_id;
  update erasures set
    status = 'done',
    finished_at = clock_timestamp(),
    touched_at = clock_timestamp(),
    remaining = '{}',
    erased = job.erased || jsonb_build_object('series', series_gone, 'api_keys', keys_gone, 'users', 1)
  where id = erasure;
  return true;
end
$$;
