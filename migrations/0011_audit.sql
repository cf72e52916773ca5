-- Who did what, with which key. Never a health value. Outlives the person: an erasure is on record, the data is not.

create table audit_log (
  id uuid not null default gen_random_uuid(),
  at timestamptz not null,
  -- The key, and whom it stands for; null: a hand on the server.
  key_id uuid,
  actor_id uuid,
  action text not null check (action in (
    'upload', 'replay', 'key_created', 'key_revoked', 'replay_job_started', 'job_cancelled', 'reconciled',
    'exported', 'erased')),
  -- Whose data or key it was.
  person_id uuid,
  -- What it was done to, such as the id of an upload, a key or a job.
  object text not null,
  correlation_id text not null,
  details jsonb,
  primary key (id, at)
) partition by range (at);

-- "What happened lately", "… to this person", "… by this key".
create index audit_log_in_order on audit_log (at desc, id desc);
create index audit_log_of_person on audit_log (person_id, at desc);

insert into partitioned_tables (name, width) values ('audit_log', 'month');
