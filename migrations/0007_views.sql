-- The names and columns of the first self-sensored, so that SQL and boards written for it go on working.
-- `created_at` is when a row was last written by a payload. Several sources stay several rows.

create view heart_rate_metrics as
select
  series.user_id,
  samples.recorded_at,
  case when series.metric = 'heart_rate' then samples.value end as heart_rate,
  case when series.metric = 'resting_heart_rate' then samples.value end as resting_heart_rate,
  case when series.metric = 'heart_rate_variability' then samples.value end as heart_rate_variability,
  nullif(series.context, '') as context,
  series.display_name as source_device,
  samples.received_at as created_at
from series
join samples on samples.series_id = series.id
where series.metric in ('heart_rate', 'resting_heart_rate', 'heart_rate_variability');

create view blood_pressure_metrics as
select
  series.user_id,
  blood_pressure.recorded_at,
  blood_pressure.systolic,
  blood_pressure.diastolic,
  blood_pressure.pulse,
  series.display_name as source_device,
  blood_pressure.received_at as created_at
from series
join blood_pressure on blood_pressure.series_id = series.id;

-- Nights out of segments, where the app was told to send those: what lies less than an hour apart is one night.
-- Lying in bed runs beside the stages and adds nothing to them.
create view sleep_from_stages as
with marked as (
  select *,
    case
      when started_at <= max(ended_at) over earlier + interval '1 hour' then 0
      else 1
    end as begins
  from sleep_stages
  window earlier as (
    partition by series_id order by started_at, ended_at rows between unbounded preceding and 1 preceding)
),
numbered as (
  select *, sum(begins) over (partition by series_id order by started_at, ended_at, stage) as night
  from marked
),
measured as (
  select *, extract(epoch from ended_at - started_at) / 3600 as hours from numbered
)
select
  series_id,
  min(started_at) filter (where stage not in ('in_bed', 'awake')) as began_at,
  max(ended_at) filter (where stage not in ('in_bed', 'awake')) as ended_at,
  sum(hours) filter (where stage not in ('in_bed', 'awake')) as total,
  sum(hours) filter (where stage = 'core') as core,
  sum(hours) filter (where stage = 'deep') as deep,
  sum(hours) filter (where stage = 'rem') as rem,
  sum(hours) filter (where stage = 'awake') as awake,
  min(started_at) filter (where stage = 'in_bed') as in_bed_from,
  max(ended_at) filter (where stage = 'in_bed') as in_bed_until,
  max(received_at) as received_at
from measured
group by series_id, night
having sum(hours) filter (where stage not in ('in_bed', 'awake')) > 0;

create view sleep_metrics as
with nights as (
  select series_id, began_at, ended_at, total, core, deep, rem, awake, in_bed_from, in_bed_until, received_at
  from sleep_nights
  union all
  -- Where the app has sent the same sleep as a night too, that one counts.
  select series_id, began_at, ended_at, total, core, deep, rem, awake, in_bed_from, in_bed_until, received_at
  from sleep_from_stages as segments
  where not exists (
    select from sleep_nights
    where sleep_nights.series_id = segments.series_id
      and sleep_nights.ended_at > segments.began_at
      and coalesce(sleep_nights.began_at, sleep_nights.ended_at - interval '12 hours') < segments.ended_at
  )
)
select
  series.user_id,
  coalesce(nights.began_at, nights.in_bed_from) as sleep_start,
  nights.ended_at as sleep_end,
  round((nights.total * 60)::numeric, 1) as duration_minutes,
  round((nights.deep * 60)::numeric, 1) as deep_sleep_minutes,
  round((nights.rem * 60)::numeric, 1) as rem_sleep_minutes,
  round((nights.core * 60)::numeric, 1) as light_sleep_minutes,
  round((nights.awake * 60)::numeric, 1) as awake_minutes,
  -- of the time in bed, else of the time from falling asleep to waking
  round((100 * nights.total * 3600 / nullif(extract(epoch from
    greatest(nights.in_bed_until, nights.ended_at) - least(nights.in_bed_from, nights.began_at)), 0))::numeric, 1)
    as efficiency,
  series.display_name as source_device,
  nights.received_at as created_at
from nights
join series on series.id = nights.series_id;

create view activity_metrics as
select
  series.user_id,
  samples.recorded_at,
  sum(samples.value) filter (where series.metric = 'step_count') as step_count,
  1000 * sum(samples.value) filter (where series.metric = 'walking_running_distance') as distance_meters,
  sum(samples.value) filter (where series.metric = 'flights_climbed') as flights_climbed,
  sum(samples.value) filter (where series.metric = 'active_energy') as active_energy_burned_kcal,
  sum(samples.value) filter (where series.metric = 'basal_energy_burned') as basal_energy_burned_kcal,
  series.display_name as source_device,
  -- not in the original: rows of several groupings must not be added up
  series.grouping,
  max(samples.received_at) as created_at
from series
join samples on samples.series_id = series.id
where series.metric in (
  'step_count', 'walking_running_distance', 'flights_climbed', 'active_energy', 'basal_energy_burned')
group by series.user_id, samples.recorded_at, series.display_name, series.grouping;

create view blood_glucose_metrics as
select
  series.user_id,
  samples.recorded_at,
  samples.value * 18.0156 as blood_glucose_mg_dl,
  nullif(series.context, '') as measurement_context,
  series.display_name as glucose_source,
  series.display_name as source_device,
  samples.received_at as created_at
from series
join samples on samples.series_id = series.id
where series.metric = 'blood_glucose' and series.unit = 'mmol/L';

create view workout_data as
select
  workouts.id,
  workouts.user_id,
  coalesce(workouts.activity, 'other') as workout_type,
  workouts.name,
  workouts.started_at,
  workouts.ended_at,
  workouts.duration_s / 60 as duration_minutes,
  workouts.total_energy_kcal,
  workouts.active_energy_kcal,
  1000 * workouts.distance_km as distance_meters,
  workouts.heart_rate_avg as avg_heart_rate,
  workouts.heart_rate_max as max_heart_rate,
  workout_routes.track::geometry as route_geometry,
  nullif(workouts.source, '') as source_device,
  workouts.received_at as created_at
from workouts
left join workout_routes
  on (workout_routes.workout_id, workout_routes.started_at) = (workouts.id, workouts.started_at);

create view raw_ingestions as
select
  id,
  user_id,
  sha256 as payload_hash,
  bytes as payload_size_bytes,
  -- where the payload itself is, in the archive
  raw_key,
  status as processing_status,
  failure as processing_errors,
  completed_at as processed_at,
  received_at as created_at
from ingestions;

-- Sexual activity of a local day: the app counts it among the metrics, and tells it once more in cycle tracking.
create view sexual_activity_days as
with told as (
  select events.user_id, (events.started_at at time zone users.time_zone)::date as day,
    case when events.kind = 'sexual_activity' then events.key else 'cycle tracking' end as told_by,
    sum(coalesce(events.quantity, 1)) as times
  from events
  join users on users.id = events.user_id
  where events.kind = 'sexual_activity'
    or (events.kind = 'cycle_tracking' and events.code = 'sexual_activity')
  group by 1, 2, 3
)
select user_id, day, max(times) as times
from told
group by user_id, day
having max(times) > 0;
