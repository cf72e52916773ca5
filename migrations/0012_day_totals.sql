-- What a person's days come to, all sources together, and what decides which source counts.

-- Monday = 1 … Sunday = 7
alter table users add column week_start smallint not null default 1 check (week_start in (1, 6, 7));
-- { "<canonical unit>": "<unit to show>" }
alter table users add column units jsonb not null default '{}';
grant select (week_start, units) on users to self_sensored_reader;

-- Whose numbers count before whose. A metric's own list goes before that of its category.
create table source_preferences (
  user_id uuid not null references users (id) on delete cascade,
  -- 'metric' or 'category', and its name
  scope text not null check (scope in ('metric', 'category')),
  name text not null,
  -- the first counts before the second; whoever is not named comes after all that are
  ranked text[] not null,
  -- never count
  excluded text[] not null default '{}',
  changed_at timestamptz not null default now(),
  primary key (user_id, scope, name)
);

-- One row for each local day and metric, kept by the load that changes one of its samples. Reads of days, weeks,
-- months and years add these up. Made of samples alone, so it can be made anew at any time.
create table day_totals (
  user_id uuid not null references users (id) on delete cascade,
  metric text not null,
  -- of the person's time zone
  day date not null,
  -- of the values that counted
  samples integer not null default 0,
  total double precision not null default 0,
  min double precision,
  max double precision,
  last double precision,
  last_at timestamptz,
  -- set and taken back within the load that touches the day
  stale boolean not null default false,
  primary key (user_id, metric, day)
);

create index day_totals_stale on day_totals (user_id) where stale;

-- Metrics whose days have to be made anew, because the zone or the order of the sources has changed. Until a row is
-- gone, questions are answered from the samples themselves.
create table stale_metrics (
  user_id uuid not null references users (id) on delete cascade,
  metric text not null,
  since timestamptz not null default clock_timestamp(),
  -- the days before this one have been made anew
  done_until date,
  primary key (user_id, metric)
);

-- Whatever was stored before there were totals.
insert into stale_metrics (user_id, metric)
select distinct user_id, metric from series where grouping not in ('workout', 'none')
on conflict do nothing;

do $$
declare
  name text;
begin
  foreach name in array array['source_preferences', 'day_totals', 'stale_metrics'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_rows on %I for select using (user_id = app_person())', name);
    execute format('grant select on %I to self_sensored_reader', name);
  end loop;
end
$$;
