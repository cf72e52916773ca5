-- What it takes to mend by itself: how an upload was cut, when it was last sent again, and with which decoder.

alter table ingestions
  -- slice size and a hash of all cuts: slices of the same number mean the same bytes only where it is equal
  add column cut text,
  -- when its slices were last sent
  add column swept_at timestamptz,
  add column sweeps integer not null default 0;

-- "Which receipts are still open?"
create index ingestions_open on ingestions (received_at) where completed_at is null;

-- The version of the decoder; null before there were versions.
alter table ingestion_slices add column decoder integer;

-- Long work, step by step. Whoever takes it up again goes on with the steps that are not done.
create table jobs (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('replay')),
  -- whose data
  user_id uuid not null references users (id) on delete cascade,
  -- who asked
  key_id uuid not null references api_keys (id) on delete cascade,
  correlation_id text not null,
  -- uploads that were received in [from_at, to_at)
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- false: a preview, of which nothing stays
  applies boolean not null,
  status text not null default 'running' check (status in ('running', 'done', 'cancelled')),
  steps_total integer not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  -- when it last went on, so that one which has stopped is found
  touched_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);

create index jobs_running on jobs (touched_at) where status = 'running';

create table job_steps (
  job_id uuid not null references jobs (id) on delete cascade,
  ordinal integer not null,
  ingestion_id uuid not null,
  received_at timestamptz not null,
  -- the upload that the replay is; chosen before it begins, so that beginning twice is one replay
  replay_id uuid,
  done_at timestamptz,
  failure text,
  -- of a preview: { "<metric or section>": { received, inserted, updated, unchanged, set_aside } }
  counts jsonb,
  primary key (job_id, ordinal)
);

-- When what was last done that a clock does, and what came of it.
create table upkeep_runs (
  task text primary key,
  ran_at timestamptz not null,
  findings jsonb not null
);
