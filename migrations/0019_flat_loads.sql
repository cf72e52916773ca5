-- What a load locks and costs does not grow with the number of partitions, and no date makes many of them.

-- Rows are dated by what a payload says, not by when it arrives.
alter table partitioned_tables add column dated_by_payload boolean not null default true;
update partitioned_tables set dated_by_payload = false
where name in ('ingestions', 'ingestion_slices', 'set_aside', 'audit_log');

-- The months of the instants that no partition holds, newest first; null for none. Locks nothing.
create function missing_months(of_table text, instants timestamptz[]) returns timestamp[]
language plpgsql as $$
declare
  missing timestamp[];
begin
  -- Nearly always the names tell.
  select array_agg(month) into missing
  from (select distinct date_trunc('month', i at time zone 'UTC') as month from unnest(instants) as i) as wanted
  where to_regclass(of_table || to_char(month, '_YYYY_MM')) is null
    and to_regclass(of_table || to_char(month, '_YYYY')) is null
    and (month < '1970-01-01' or month >= '2014-01-01' or to_regclass(of_table || '_before_2014') is null);
  if missing is null then
    return null;
  end if;
  return (
    select array_agg(month order by month desc)
    from unnest(missing) as month
    where not exists (
      select from partition_report
      where table_name = of_table
        and lower_bound <= month at time zone 'UTC' and upper_bound > month at time zone 'UTC'
    )
  );
end
$$;

-- The partitions of `table_name` that hold the given instants exist when this returns, and stay until the transaction
-- ends. All bounds are UTC.
--
-- * Apple Health began in September 2014: what is dated before that year was typed in or imported, and shares one
--   partition.
-- * Of one call the newest 36 months that are missing get partitions of their own; older ones share those of years.
-- * A partition takes no more than what is free: the monthly ones of former releases stay where they are.
create or replace function ensure_partitions(table_name text, instants timestamptz[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  max_new_months constant integer := 36;
  thin_until constant timestamp := '2014-01-01';
  parent partitioned_tables;
  missing timestamp[];
  month timestamp;
  made integer := 0;
  low timestamp;
  high timestamp;
  partition text;
begin
  select * into parent from partitioned_tables where name = table_name;
  if parent.name is null then
    raise exception 'table % is not partitioned', table_name;
  end if;
  if parent.dated_by_payload then
    -- The lock that an insert takes. Whoever drops a partition waits for it.
    execute format('lock table only %I in row exclusive mode', table_name);
  end if;
  if missing_months(table_name, instants) is null then
    return;
  end if;

  -- One at a time, whoever comes; the second one finds them made.
  perform pg_advisory_xact_lock(hashtext('ensure_partitions'), hashtext(table_name));
  missing := missing_months(table_name, instants);
  foreach month in array coalesce(missing, '{}') loop
    -- Newest first: it may be in the one that was made just now.
    continue when month >= low;

    if not parent.dated_by_payload or (parent.width = 'month' and month >= thin_until and made < max_new_months) then
      low := date_trunc(parent.width, month);
      high := low + ('1 ' || parent.width)::interval;
      made := made + 1;
    elsif month >= thin_until then
      low := date_trunc('year', month);
      high := low + interval '1 year';
    else
      low := least('1970-01-01', date_trunc('year', month));
      high := case when month < '1970-01-01' then '1970-01-01' else thin_until end;
    end if;
    select greatest(low, max(report.upper_bound at time zone 'UTC')
        filter (where report.upper_bound <= month at time zone 'UTC')),
      least(high, min(report.lower_bound at time zone 'UTC')
        filter (where report.lower_bound > month at time zone 'UTC'))
      into low, high
    from partition_report as report
    where report.table_name = ensure_partitions.table_name;

    partition := table_name || case
      when high = low + interval '1 month' then to_char(low, '_YYYY_MM')
      when low = date_trunc('year', low) and high = low + interval '1 year'
        then to_char(low, '_YYYY')
      when low = '1970-01-01' and high = thin_until then '_before_2014'
      else to_char(low, '_YYYY_MM') || to_char(high - interval '1 month', '"_to_"YYYY_MM')
    end;
    -- Built apart and then attached: neither readers nor writers of the table wait.
    execute format('create table %I (like %I including defaults including constraints)', partition, table_name);
    execute format(
      'alter table %I attach partition %I for values from (%L) to (%L)',
      table_name, partition, low at time zone 'UTC', high at time zone 'UTC');
  end loop;
end
$$;

-- Partitions that were empty when they were last looked at, and since when.
create table empty_partitions (
  partition text primary key,
  table_name text not null,
  since timestamptz not null default now()
);

-- Drops at most so many partitions of past time that have been empty for a day. Loads of the table wait meanwhile; one
-- that is in use for longer than half a second is left alone.
create function drop_empty_partitions(of_table text, most integer default 25, as_of timestamptz default now())
returns setof text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  candidate text;
  is_empty boolean;
begin
  with seen as (
    select child.relname::text as partition
    from partition_report as report
    join pg_class as child on child.oid = to_regclass(quote_ident(report.partition))
    join partitioned_tables as parent on parent.name = report.table_name and parent.dated_by_payload
    where report.table_name = of_table
      and report.upper_bound <= as_of
      -- The second is an estimate of the statistics; the exact look comes under the lock.
      and (pg_relation_size(child.oid) = 0 or pg_stat_get_live_tuples(child.oid) = 0)
  ),
  filled as (
    delete from empty_partitions
    where table_name = of_table and partition not in (select partition from seen)
  )
  insert into empty_partitions (partition, table_name, since)
  select partition, of_table, as_of from seen
  on conflict do nothing;

  perform set_config('lock_timeout', '500ms', true);
  for candidate in
    select partition from empty_partitions
    where table_name = of_table and since <= as_of - interval '1 day'
    order by since, partition
    limit most
  loop
    begin
      -- The table before its partition, as everyone else takes them.
      execute format('lock table only %I in access exclusive mode', of_table);
      execute format('select not exists (select from only %I)', candidate) into is_empty;
      if is_empty then
        execute format('drop table %I', candidate);
      end if;
    exception
      when lock_not_available then return;
    end;
    delete from empty_partitions where partition = candidate;
    if is_empty then
      return next candidate;
    end if;
  end loop;
end
$$;

-- The first and last moment of the points that are stored of it: only there are they looked for.
alter table workout_series add column first_at timestamptz, add column last_at timestamptz;
update workout_series set first_at = spans.first_at, last_at = spans.last_at
from (
  select workout_id, series_id, min(recorded_at) as first_at, max(recorded_at) as last_at
  from workout_samples
  group by workout_id, series_id
) as spans
where (workout_series.workout_id, workout_series.series_id) = (spans.workout_id, spans.series_id);

-- Removes the points of the workouts' series that a fuller record is about to replace.
-- wanted: { external_id, points, fingerprint, metric, source, grouping, context, unit } of each
create function remove_replaced_points(person uuid, wanted jsonb, effective_at timestamptz) returns void
language plpgsql
-- Plans know which partitions the points are in.
set plan_cache_mode = force_custom_plan
as $$
declare
  workout_ids bigint[];
  series_ids bigint[];
  first timestamptz;
  last timestamptz;
begin
  select array_agg(stored.workout_id), array_agg(stored.series_id),
    -- Imported rows do not know them.
    min(coalesce(stored.first_at, '-infinity')), max(coalesce(stored.last_at, 'infinity'))
    into workout_ids, series_ids, first, last
  from jsonb_to_recordset(wanted) as w (
    external_id text, points int, fingerprint bigint,
    metric text, source text, grouping text, context text, unit text)
  join series on series.user_id = person
    and (series.metric, series.source, series.grouping, series.context, series.unit)
      = (w.metric, w.source, w.grouping, w.context, w.unit)
  join workouts on workouts.user_id = person and workouts.external_id = w.external_id
  join workout_series as stored on (stored.workout_id, stored.series_id) = (workouts.id, series.id)
  where (w.points, effective_at, w.fingerprint) > (stored.points, stored.received_at, stored.fingerprint)
    and w.fingerprint <> stored.fingerprint;
  if workout_ids is null then
    return;
  end if;
  delete from workout_samples
  using unnest(workout_ids, series_ids) as replaced (workout_id, series_id)
  where (workout_samples.workout_id, workout_samples.series_id) = (replaced.workout_id, replaced.series_id)
    and workout_samples.recorded_at >= first and workout_samples.recorded_at <= last;
end
$$;

-- Begins a dry run: it takes little time, waits briefly for locks, and is the only one of its person.
create function begin_dry_run(person uuid) returns void
language plpgsql as $$
begin
  perform set_config('statement_timeout', '5s', true), set_config('lock_timeout', '1s', true);
  if not pg_try_advisory_xact_lock(hashtext('dry run'), hashtext(person::text)) then
    raise exception 'another dry run of this person is under way' using errcode = 'SS002';
  end if;
end
$$;

-- As before (migrations/0012), but looks only into the partitions of the days that are stale.
create or replace function remake_stale_days(person uuid, most_series integer default null) returns void
language plpgsql
set plan_cache_mode = force_custom_plan
as $$
declare
  lower_at timestamptz;
  upper_at timestamptz;
begin
  select min(day) - 1, max(day) + 2 into lower_at, upper_at from day_totals where user_id = person and stale;
  if lower_at is null then
    return;
  end if;
  with crowded as (
    select metric
    from (
      select metric, min(day) - 1 as first, max(day) + 2 as last
      from day_totals where user_id = person and stale
      group by metric
    ) as touched
    where (
      select count(*) from (
        select from series
        where series.user_id = person and series.metric = touched.metric and (
          select true from samples
          where samples.series_id = series.id
            and recorded_at >= first::timestamptz and recorded_at < last::timestamptz
            and recorded_at >= lower_at and recorded_at < upper_at
          order by recorded_at
          limit 1
        )
        limit most_series + 1
      ) as present
    ) > most_series
  ),
  deferred as (
    insert into stale_metrics (user_id, metric)
    select person, metric from crowded order by metric
    on conflict (user_id, metric) do update set since = clock_timestamp(), done_until = null
    returning metric
  )
  update day_totals set stale = false, lost_min = null, lost_max = null
  from deferred
  where user_id = person and stale and day_totals.metric = deferred.metric;
  with marked as (
    select metric, day, time_zone as zone
    from day_totals join users on users.id = user_id
    where user_id = person and stale
  ),
  spans as (
    select metric, zone, min(day) as first, max(day) as last
    from marked
    group by metric, zone, date_trunc('month', day)
  ),
  made as (
    select spans.metric, counted.day, count(*) as samples, sum(value) as total, min(counted.min) as min, max(counted.max) as max,
      max(array[extract(epoch from recorded_at)::float8, value]) as last,
      max(recorded_at) as last_at,
      case when min(series_id) = max(series_id) then min(series_id) end as series_id
    from spans
    cross join lateral counted_samples(
      person, metric, zone, day_begins(first, zone), day_begins(last + 1, zone)) as counted
    group by spans.metric, counted.day
  ),
  emptied as (
    delete from day_totals
    using marked left join made using (metric, day)
    where (day_totals.user_id, day_totals.metric, day_totals.day) = (person, marked.metric, marked.day)
      and made.day is null
  )
  update day_totals set
    samples = made.samples, total = made.total, min = made.min, max = made.max,
    last = made.last[2], last_at = made.last_at, series_id = made.series_id,
    stale = false, lost_min = null, lost_max = null
  from made
  where (user_id, day_totals.metric, day_totals.day) = (person, made.metric, made.day) and stale;
end
$$;
