-- Maintenance that grows with what has changed, not with people (decision 24).

-- How far each task has come. A run takes as many steps as it needs, each in an invocation of its own; its end is kept
-- in upkeep_runs.
create table maintenance_tasks (
  task text primary key,
  -- where the next step goes on; null: from the beginning
  cursor jsonb,
  -- of the run that is under way
  findings jsonb not null default '{}',
  -- how many steps were done: of two deliveries of one step the second keeps nothing
  step bigint not null,
  stepped_at timestamptz not null default clock_timestamp()
);

-- A task that there is no more.
delete from upkeep_runs where task = 'reconcile';

-- "Which receipts have closed since then?"
create index ingestions_closed on ingestions (completed_at) where completed_at is not null;

-- "How many have failed today?"
create index ingestions_failed on ingestions (received_at) where status = 'failed';

-- When a message was last sent to recompute it.
alter table stale_metrics add column queued_at timestamptz;

-- "For how many people does a message wait?"
create index stale_metrics_queued on stale_metrics (queued_at) where queued_at is not null;

-- As in 0017, but the series are picked from a sample of pages: of all in random order took as long as there are series.
create or replace function check_day_totals(most integer) returns table (checked bigint, differing bigint)
language plpgsql as $$
declare
  -- How much of each table is sampled, so that about so many rows are found.
  share constant real := (
    select least(100, 50.0 * most / greatest(reltuples, 1)) from pg_class where oid = 'day_totals'::regclass);
  share_of_series constant real := (
    select least(100, 200.0 * most / greatest(reltuples, 1)) from pg_class where oid = 'series'::regclass);
begin
  return query
    with told as (
      select user_id, metric, day from day_totals tablesample system (share) order by random() limit most / 2
    ),
    few as (
      select id, user_id, metric from series tablesample system (share_of_series)
      where grouping in ('seconds', 'minutes', 'default', 'hours', 'unknown', 'days')
      order by random()
      limit most / 2
    ),
    measured as (
      select few.user_id, few.metric, (recorded_at at time zone time_zone)::date as day
      from few
      join users on users.id = few.user_id
      cross join lateral (
        select min(recorded_at) as first, max(recorded_at) as last from samples where series_id = few.id
      ) as span
      cross join lateral (
        select recorded_at from samples
        where series_id = few.id and recorded_at >= first + random() * (last - first)
        order by recorded_at
        limit 1
      ) as one
    ),
    picked as (
      select each.*, time_zone as zone
      from (select * from told union select * from measured) as each
      join users on users.id = user_id
      where day > coalesce((select now() - keep from partitioned_tables where name = 'samples'), '-infinity')
        and not exists (
          select from stale_metrics as known
          where (known.user_id, known.metric) = (each.user_id, each.metric)
        )
    ),
    compared as (
      select picked.user_id, picked.metric,
        coalesce(known.samples, 0) = real.samples
          and abs(coalesce(known.total, 0) - real.total) <= 1e-9 * greatest(abs(real.total), 1)
          and (known.min, known.max, known.last_at) is not distinct from (real.min, real.max, real.last_at) as agrees
      from picked
      left join day_totals as known using (user_id, metric, day)
      cross join lateral (
        select count(*) as samples, coalesce(sum(value), 0) as total, min(counted.min) as min, max(counted.max) as max,
          max(recorded_at) as last_at
        from counted_samples(
          picked.user_id, picked.metric, zone, day_begins(picked.day, zone), day_begins(picked.day + 1, zone)) as counted
        where counted.day = picked.day
      ) as real
    ),
    -- Without people who are being erased.
    staying as (
      select id from users
      where id in (select user_id from compared where not agrees) and erasing_since is null
      for key share skip locked
    ),
    marked as (
      insert into stale_metrics (user_id, metric)
      select distinct user_id, metric from compared join staying on staying.id = user_id where not agrees
      on conflict do nothing
    )
    select count(*), count(*) filter (where not agrees and user_id in (select id from staying)) from compared;
end
$$;
