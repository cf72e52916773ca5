-- Compares about so many days, picked by chance, with their samples: half of them days that have a total, half days that
-- a series has a sample of. A metric of which one differs is marked to be made anew. Days whose samples have been retired
-- have nothing to be compared with.
create function check_day_totals(most integer) returns table (checked bigint, differing bigint)
language plpgsql as $$
declare
  share constant real := (
    select least(100, 50.0 * most / greatest(reltuples, 1)) from pg_class where oid = 'day_totals'::regclass);
begin
  return query
    with told as (
      select user_id, metric, day from day_totals tablesample system (share) limit most / 2
    ),
    few as (
      select id, user_id, metric from series
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
    -- Nobody who is leaving meanwhile.
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
