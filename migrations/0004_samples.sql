-- The catalogue. Rows come from src/catalog at every migration; names seen first in a payload are added as they come.
create table metrics (
  name text primary key,
  title text not null,
  category text not null,
  kind text not null check (kind in ('sum', 'average', 'range', 'own', 'unknown')),
  unit text not null
);

-- All of a sample's identity but its time.
create table series (
  id bigint generated always as identity primary key,
  user_id uuid not null references users (id) on delete cascade,
  metric text not null references metrics (name),
  source text not null,
  grouping text not null,
  context text not null,
  unit text not null,
  display_name text not null,
  unique (user_id, metric, source, grouping, context, unit)
);

-- Narrow on purpose: eight columns, because a ninth would make every row eight bytes longer (the null bitmap
-- grows past its first byte). No foreign key to series: it costs 40 % of the write rate; erasure deletes by series.
create table samples (
  series_id bigint not null,
  recorded_at timestamptz not null,
  received_at timestamptz not null,
  value double precision not null,
  min double precision,
  max double precision,
  ended_at timestamptz,
  -- null: as first stored; n: corrected n times. Tells inserted from updated in RETURNING.
  revision integer,
  primary key (series_id, recorded_at)
) partition by range (recorded_at);

create table blood_pressure (
  series_id bigint not null,
  recorded_at timestamptz not null,
  received_at timestamptz not null,
  systolic double precision,
  diastolic double precision,
  pulse double precision,
  revision integer,
  primary key (series_id, recorded_at),
  check (systolic is not null or diastolic is not null)
) partition by range (recorded_at);

insert into partitioned_tables values ('samples', 'month'), ('blood_pressure', 'year');
