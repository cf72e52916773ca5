-- What the app sends besides samples: sleep, workouts, electrocardiograms and events.
-- `fingerprint` is what a row says, hashed: an equal row is not written again. `revision` as in samples.

create extension if not exists postgis;

insert into metrics (name, title, category, kind, unit)
values ('ecg', 'Electrocardiogram', 'heart', 'own', 'mcV')
on conflict do nothing;

-- A night or nap, keyed by its end: a later window may cut off its beginning. All spans in hours.
create table sleep_nights (
  series_id bigint not null,
  ended_at timestamptz not null,
  received_at timestamptz not null,
  began_at timestamptz,
  in_bed_from timestamptz,
  in_bed_until timestamptz,
  -- local day of waking
  day date not null,
  total double precision not null,
  asleep double precision,
  core double precision,
  deep double precision,
  rem double precision,
  awake double precision,
  in_bed double precision,
  -- false: more sleep than time between beginning and end
  plausible boolean not null,
  fingerprint bigint not null,
  revision integer,
  primary key (series_id, ended_at)
) partition by range (ended_at);

create table sleep_stages (
  series_id bigint not null,
  started_at timestamptz not null,
  -- core, deep, rem, awake, in_bed, asleep; else the app's own word
  stage text not null,
  ended_at timestamptz not null,
  received_at timestamptz not null,
  -- as the app wrote it
  label text not null,
  revision integer,
  primary key (series_id, started_at, stage)
) partition by range (started_at);

create table ecg_recordings (
  series_id bigint not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  received_at timestamptz not null,
  -- as the app wrote it, and what that means
  classification text,
  class text,
  average_heart_rate double precision,
  -- Hz
  sampling_frequency double precision,
  -- how many the app said there are, and how many there were
  announced double precision,
  points integer not null,
  -- microvolt, evenly spaced
  voltages real[] not null,
  attributes jsonb not null,
  fingerprint bigint not null,
  revision integer,
  primary key (series_id, started_at)
) partition by range (started_at);

create sequence workout_ids;

create table workouts (
  user_id uuid not null references users (id) on delete cascade,
  -- Apple Health's, or name, start and end where the app sends none
  external_id text not null,
  started_at timestamptz not null,
  id bigint not null default nextval('workout_ids'),
  ended_at timestamptz,
  received_at timestamptz not null,
  name text not null,
  activity text,
  version smallint not null,
  source text not null,
  duration_s double precision,
  active_energy_kcal double precision,
  basal_energy_kcal double precision,
  total_energy_kcal double precision,
  intensity_met double precision,
  distance_km double precision,
  speed_km_hr double precision,
  avg_speed_km_hr double precision,
  max_speed_km_hr double precision,
  elevation_up_m double precision,
  elevation_down_m double precision,
  heart_rate_min double precision,
  heart_rate_avg double precision,
  heart_rate_max double precision,
  step_count double precision,
  step_cadence double precision,
  flights_climbed double precision,
  swim_strokes double precision,
  swim_cadence double precision,
  lap_length_m double precision,
  swolf_score double precision,
  temperature_c double precision,
  humidity_percent double precision,
  location text,
  is_indoor boolean,
  stroke_style text,
  salinity text,
  attributes jsonb not null,
  fingerprint bigint not null,
  revision integer,
  primary key (user_id, external_id, started_at)
) partition by range (started_at);

-- From its series or route to the workout.
create index workouts_by_id on workouts (id);

-- Which record of a series inside a workout stands: the fuller one.
create table workout_series (
  workout_id bigint not null,
  series_id bigint not null references series (id) on delete cascade,
  received_at timestamptz not null,
  points integer not null,
  fingerprint bigint not null,
  primary key (workout_id, series_id)
);

create index workout_series_of_series on workout_series (series_id);

create table workout_samples (
  workout_id bigint not null,
  series_id bigint not null,
  recorded_at timestamptz not null,
  value double precision not null,
  min double precision,
  max double precision,
  primary key (workout_id, series_id, recorded_at)
) partition by range (recorded_at);

create table workout_routes (
  workout_id bigint not null,
  started_at timestamptz not null,
  user_id uuid not null references users (id) on delete cascade,
  received_at timestamptz not null,
  points integer not null,
  -- height in metres, 0 where unknown; a way of one point stands on it twice
  track geography(LineStringZ, 4326) not null,
  -- One value a point. Metres a second, degrees, metres; null: not measured.
  recorded_at timestamptz[] not null,
  speed real[] not null,
  course real[] not null,
  horizontal_accuracy real[] not null,
  vertical_accuracy real[] not null,
  speed_accuracy real[] not null,
  course_accuracy real[] not null,
  fingerprint bigint not null,
  revision integer,
  primary key (workout_id, started_at)
) partition by range (started_at);

-- "Which ways lead through here?"
create index workout_routes_by_place on workout_routes using gist (track);

create table events (
  user_id uuid not null references users (id) on delete cascade,
  kind text not null check (kind in (
    'symptom', 'medication', 'state_of_mind', 'heart_rate_notification', 'cycle_tracking', 'sexual_activity')),
  key text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  received_at timestamptz not null,
  -- as the app wrote it, and what that means
  name text not null,
  code text,
  value text,
  value_code text,
  -- dose, threshold, valence or count
  quantity double precision,
  source text not null,
  attributes jsonb not null,
  fingerprint bigint not null,
  revision integer,
  primary key (user_id, kind, key, started_at)
) partition by range (started_at);

insert into partitioned_tables values
  ('sleep_nights', 'year'), ('sleep_stages', 'year'), ('ecg_recordings', 'year'), ('workouts', 'year'),
  ('workout_samples', 'month'), ('workout_routes', 'year'), ('events', 'year');

-- { "<section>": { "<field>": times } } that this server did not know.
alter table ingestion_slices add column unknown_fields jsonb;

-- A replay is an upload of its own whose body is that of another. What it says is as old as that one.
alter table ingestions add column replay_of uuid;
alter table ingestions add column said_at timestamptz;
