-- The receipts. An ingestion's id is a UUID v7 whose time is `received_at`: an id alone finds its partition.

create table ingestions (
  id uuid not null,
  received_at timestamptz not null,
  user_id uuid not null references users (id) on delete cascade,
  -- A revoked key keeps its receipts; an erased person does not.
  key_id uuid not null references api_keys (id) on delete cascade,
  correlation_id text not null,
  bytes bigint not null,
  sha256 text not null,
  raw_key text not null,
  idempotency_key text,
  automation jsonb not null,
  status text not null check (status in ('queued', 'loading', 'deferred', 'stored', 'stored_with_issues', 'failed')),
  failure text,
  slices_total integer not null check (slices_total >= 0),
  slices_loaded integer not null default 0,
  issues_total bigint not null default 0,
  completed_at timestamptz,
  primary key (id, received_at),
  check (slices_loaded <= slices_total)
) partition by range (received_at);

-- "My receipts, newest first", and "have I seen this body from this key?"
create index ingestions_of_user on ingestions (user_id, received_at desc, id desc);
create index ingestions_of_body on ingestions (key_id, sha256);
create index ingestions_of_idempotency_key on ingestions (key_id, idempotency_key) where idempotency_key is not null;

-- Whether every item of these counts is accounted for.
create function counts_close(counts jsonb) returns boolean
language sql immutable as $$
  select coalesce(bool_and(
    (value ->> 'received')::bigint
      = (value ->> 'inserted')::bigint + (value ->> 'updated')::bigint
      + (value ->> 'unchanged')::bigint + (value ->> 'set_aside')::bigint), true)
  from jsonb_each(counts)
$$;

-- One row a loaded slice. Its key makes a slice that is delivered twice fail before it counts twice; its check
-- makes a load whose counts do not close fail as a whole.
create table ingestion_slices (
  ingestion_id uuid not null,
  received_at timestamptz not null,
  slice integer not null,
  -- null while its load is under way, so never seen from outside
  loaded_at timestamptz,
  -- { "<metric or section>": { received, inserted, updated, unchanged, set_aside } }
  counts jsonb not null,
  primary key (ingestion_id, received_at, slice),
  foreign key (ingestion_id, received_at) references ingestions (id, received_at) on delete cascade,
  check (loaded_at is null or counts_close(counts))
) partition by range (received_at);

-- Items that were not stored, and remarks on items that were.
create table set_aside (
  ingestion_id uuid not null,
  received_at timestamptz not null,
  slice integer not null,
  ordinal integer not null,
  metric text not null,
  pointer text not null,
  code text not null,
  message text not null,
  primary key (ingestion_id, received_at, slice, ordinal),
  foreign key (ingestion_id, received_at) references ingestions (id, received_at) on delete cascade
) partition by range (received_at);

insert into partitioned_tables values ('ingestions', 'month'), ('ingestion_slices', 'month'), ('set_aside', 'month');
