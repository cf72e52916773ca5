-- What a person wants of a metric. Its target has a history, so that past days are judged by what was wanted then.

create table goals (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  metric text not null,
  agg text not null check (agg in ('sum', 'avg', 'min', 'max', 'last')),
  period text not null check (period in ('day', 'week', 'month')),
  direction text not null check (direction in ('at_least', 'at_most')),
  starts_on date not null,
  -- the last day that counts; null: it goes on
  ends_on date check (ends_on >= starts_on),
  created_at timestamptz not null default clock_timestamp()
);

create index goals_of_user on goals (user_id, created_at);

create table goal_targets (
  goal_id uuid not null references goals (id) on delete cascade,
  -- holds until the day before the next one starts
  starts_on date not null,
  -- in the unit that the metric is stored in
  target double precision not null,
  primary key (goal_id, starts_on)
);

alter table goals enable row level security;
create policy own_rows on goals for select using (user_id = app_person());
grant select on goals to self_sensored_reader;

-- The policy of `goals` holds inside of this one.
alter table goal_targets enable row level security;
create policy own_rows on goal_targets for select using (goal_id in (select id from goals));
grant select on goal_targets to self_sensored_reader;

alter table audit_log drop constraint audit_log_action_check;
alter table audit_log add constraint audit_log_action_check check (action in (
  'upload', 'replay', 'key_created', 'key_revoked', 'replay_job_started', 'job_cancelled', 'reconciled',
  'exported', 'erased', 'preferences_changed', 'sources_ranked', 'goal_changed'));
