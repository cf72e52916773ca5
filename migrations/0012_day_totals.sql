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
  -- of the values that count (counted_samples)
  samples integer not null,
  total double precision not null,
  min double precision,
  max double precision,
  last double precision,
  last_at timestamptz,
  -- the only series of which something counts; null: of several, so a change takes all of the day
  series_id bigint,
  -- Set and taken back within the load that touches the day: it has to be made anew, because a correction took away
  -- what may have been its least or greatest value, or because its sources have to be walked.
  stale boolean not null default false,
  lost_min double precision,
  lost_max double precision,
  primary key (user_id, metric, day)
);

create index day_totals_stale on day_totals (user_id, metric, day) where stale;

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
    execute format('create policy own_rows on %I for select using (user_id = (select app_person()))', name);
    execute format('grant select on %I to self_sensored_reader', name);
  end loop;
  -- Asked once a question, not once a row.
  foreach name in array array['series', 'workouts', 'workout_routes', 'events', 'ingestions'] loop
    execute format('alter policy own_rows on %I using (user_id = (select app_person()))', name);
  end loop;
end
$$;

-- When a local day begins. Where a change of the clocks shows midnight twice, Postgres would take the second.
create function day_begins(day date, zone text) returns timestamptz
language sql stable as $$
  select case
    when ((midnight - interval '1 hour') at time zone zone)::date >= day then midnight - interval '1 hour'
    else midnight
  end
  from (select day::timestamp at time zone zone as midnight) as wall
$$;

-- Which of a person's series of a metric count, from fine to coarse, and which goes before which.
--
-- * Groupings of one tier are walked together; of several tiers one is taken for each day. What comes by the week or
--   longer tells nothing of a day and is in no tier.
-- * Joined sources (`Phone|Watch`) go first: Apple has merged them already. Then the person's list, of the metric or
--   else of its category; then watches, others, and phones.
-- * Several groupings of one source are the same numbers: the finer goes first. Contexts of one source (basal, bolus)
--   are different numbers of one rank.
-- * Only values in the unit of the catalogue count; where the person has none, those in another.
create function ranked_series(person uuid, wanted text)
returns table (series_id bigint, tier integer, rank bigint, place integer, is_joined boolean)
language sql stable as $$
  select series.id, fine.tier,
    dense_rank() over (
      order by cardinality(parts.names) desc, listed.place nulls last, parts.device, series.source, fine.width),
    listed.place,
    cardinality(parts.names) > 1
  from series
  join metrics on metrics.name = series.metric
  join (
    values ('seconds', 1, 1), ('minutes', 1, 60), ('default', 1, 61), ('hours', 2, 3600), ('unknown', 3, 3601), ('days', 4, 86400)
  ) as fine (grouping, tier, width) on fine.grouping = series.grouping
  left join source_preferences as own
    on (own.user_id, own.scope, own.name) = (series.user_id, 'metric', series.metric)
  left join source_preferences as shared
    on (shared.user_id, shared.scope, shared.name) = (series.user_id, 'category', metrics.category)
  cross join lateral (
    select string_to_array(series.source, '|') as names,
      case when series.source ilike '%watch%' then 1 when series.source ilike '%phone%' then 3 else 2 end as device
  ) as parts
  cross join lateral (select array_position(coalesce(own.ranked, shared.ranked), series.source) as place) as listed
  where series.user_id = person
    and series.metric = wanted
    and series.source <> all (coalesce(own.excluded, shared.excluded, '{}'))
    and series.unit = (
      select same.unit from series as same
      where same.user_id = person and same.metric = wanted
      order by same.unit <> metrics.unit, same.unit
      limit 1
    )
$$;

-- From when to when a person has samples of a metric.
create function sample_span(person uuid, wanted text) returns table (first timestamptz, last timestamptz)
language plpgsql stable
-- Planning for all partitions takes longer than the look.
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
    select min(edges.first), max(edges.last)
    from series
    cross join lateral (
      select min(recorded_at) as first, max(recorded_at) as last from samples where series_id = series.id
    ) as edges
    where series.user_id = person and series.metric = wanted;
end
$$;

-- The samples of a metric that count in [lower_at, upper_at), and the local day each belongs to.
--
-- * Where values add up, the source of the first rank that has data in a minute (an hour, a day: as the grouping says)
--   counts, and others fill what it leaves open.
-- * Else the preferred source of the day counts, if the person prefers one that has data; what Apple has merged goes
--   before what it was merged of; everything else counts alike, so that the mean is the mean of all.
-- * Of several tiers the finest that covers the day counts: which reaches what any tier says of it, in its total or,
--   where values do not add up, in hours that have data. A part of a day can only be less than the day.
-- * A total of a day is stamped with midnight in the zone the phone was in: it belongs to the day it is nearest to.
--
-- sources, groupings: only these; null for all. only_tiers: what is no longer than the moments that are asked for.
create function counted_samples(
  person uuid, wanted text, zone text, lower_at timestamptz, upper_at timestamptz,
  sources text[] default null, groupings text[] default null, only_tiers integer[] default '{1,2,3,4}'
) returns table (
  series_id bigint, day date, recorded_at timestamptz, value double precision, min double precision, max double precision
) language plpgsql stable
-- Plans know which partitions the span is in.
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
declare
  adds constant boolean := (select kind = 'sum' from metrics where name = wanted);
  present bigint[];
  tiers integer[];
  -- Whether some of them go before others.
  is_ranked boolean;
  shift interval := '0';
begin
  select array_agg(ranked.series_id), array_agg(distinct ranked.tier),
    count(*) > 1 and (adds or bool_or(ranked.is_joined) or bool_or(ranked.place is not null))
    into present, tiers, is_ranked
  from ranked_series(person, wanted) as ranked
  join series on series.id = ranked.series_id
  where ranked.tier = any (only_tiers)
    and (sources is null or series.source = any (sources))
    and (groupings is null or series.grouping = any (groupings))
    -- In order and with a limit, so that it stays a look for each series. Bounds in constants leave out all partitions
    -- but one or two when the plan is made, and under row-level security only they are looked up in the index.
    and case
      when ranked.tier < 4 then (
        select true from samples
        where samples.series_id = ranked.series_id
          and samples.recorded_at >= lower_at
          and samples.recorded_at < upper_at
        order by samples.recorded_at
        limit 1
      )
      else (
        select true from samples
        where samples.series_id = ranked.series_id
          and samples.recorded_at >= lower_at - interval '12 hours'
          and samples.recorded_at < upper_at - interval '12 hours'
        order by samples.recorded_at
        limit 1
      )
    end;

  if present is null then
    return;
  elsif cardinality(tiers) = 1 and not is_ranked then
    -- Most spans are of one series, or of several of one rank: there is nothing to choose.
    if tiers[1] = 4 then
      shift := '12 hours';
      lower_at := lower_at - shift;
      upper_at := upper_at - shift;
    end if;
    return query
      select samples.series_id, ((samples.recorded_at + shift) at time zone zone)::date, samples.recorded_at,
        samples.value, coalesce(samples.min, samples.value), coalesce(samples.max, samples.value)
      from samples
      where samples.series_id = any (present) and samples.recorded_at >= lower_at and samples.recorded_at < upper_at;
    return;
  end if;

  return query
    with readings as materialized (
      select ranked.*, row.*, local.day,
        case
          when not adds then row.recorded_at
          when ranked.tier = 4 then local.day::timestamp at time zone zone
          when ranked.tier = 2 then date_bin('1 hour', row.recorded_at, 'epoch')
          else date_bin('1 minute', row.recorded_at, 'epoch')
        end as slot
      from ranked_series(person, wanted) as ranked
      cross join lateral (
        select samples.recorded_at, samples.value,
          coalesce(samples.min, samples.value) as min, coalesce(samples.max, samples.value) as max,
          interval '0' as late
        from samples
        where ranked.tier < 4
          and samples.series_id = ranked.series_id
          and samples.recorded_at >= lower_at
          and samples.recorded_at < upper_at
        union all
        select samples.recorded_at, samples.value,
          coalesce(samples.min, samples.value), coalesce(samples.max, samples.value),
          interval '12 hours'
        from samples
        where ranked.tier = 4
          and samples.series_id = ranked.series_id
          and samples.recorded_at >= lower_at - interval '12 hours'
          and samples.recorded_at < upper_at - interval '12 hours'
      ) as row
      cross join lateral (select ((row.recorded_at + row.late) at time zone zone)::date as day) as local
      where ranked.series_id = any (present)
    ),
    -- Of values that add up: whose turn it is.
    turns as (
      select tier, slot, min(rank) as rank from readings where adds group by tier, slot
    ),
    -- Of others: who is preferred on the day, and which moments are merged.
    preferred as (
      select tier, day, min(place) as place from readings where not adds group by tier, day
    ),
    joined as (
      select distinct tier, slot from readings where not adds and is_joined
    ),
    walked as (
      select readings.* from readings join turns using (tier, slot, rank)
      union all
      select readings.*
      from readings
      join preferred using (tier, day)
      left join joined using (tier, slot)
      where readings.place is not distinct from preferred.place
        and (readings.is_joined or joined.slot is null)
    ),
    said as (
      select tier, day,
        case when adds then sum(value) else bit_count(bit_or(1 << extract(hour from slot)::int)::bit(24)) end as reach
      from walked group by tier, day
    ),
    chosen as (
      select distinct on (day) day, tier
      from (select *, max(reach) over (partition by day) as whole from said) as each
      where reach >= 0.99 * whole
      order by day, tier
    )
    select walked.series_id, day, walked.recorded_at, walked.value, walked.min, walked.max
    from walked join chosen using (day, tier);
end
$$;

-- Makes the days anew that are marked. They are locked, so what others have stored of them meanwhile is seen here.
-- most_series: a metric of which more have data in these days is left to the clock. A load must not become slow because
-- dozens of sources tell of one day.
create function remake_stale_days(person uuid, most_series integer default null) returns void
language plpgsql as $$
begin
  if not exists (select from day_totals where user_id = person and stale) then
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
          where samples.series_id = series.id and recorded_at >= first::timestamptz and recorded_at < last::timestamptz
          order by recorded_at
          limit 1
        )
        limit most_series + 1
      ) as present
    ) > most_series
  ),
  left_over as (
    insert into stale_metrics (user_id, metric)
    select person, metric from crowded order by metric
    on conflict (user_id, metric) do update set since = clock_timestamp(), done_until = null
    returning metric
  )
  update day_totals set stale = false, lost_min = null, lost_max = null
  from left_over
  where user_id = person and stale and day_totals.metric = left_over.metric;
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

-- Makes all days of a span anew, whatever they were.
create function remake_days(person uuid, wanted text, first_day date, last_day date) returns void
language sql as $$
  insert into day_totals (user_id, metric, day, samples, total, stale)
  select person, wanted, day, 0, 0, true
  from generate_series(first_day, last_day, interval '1 day') as day
  order by day
  on conflict (user_id, metric, day) do update set stale = true;
  select remake_stale_days(person);
$$;
