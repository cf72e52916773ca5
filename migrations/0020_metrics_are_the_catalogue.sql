-- The table `metrics` holds the catalogue of the code and nothing else. A name that the catalogue does not have belongs to
-- the series of the person who sends it: no other person's upload decides anything about it, and it is erased with them.

-- Which unit of a metric counts before this migration: the unit that anybody sent first.
create temporary table former_units on commit drop as
select several.user_id, several.metric, (
  select series.unit from series join metrics on metrics.name = series.metric
  where series.user_id = several.user_id and series.metric = several.metric
  order by series.unit <> metrics.unit, series.unit
  limit 1
) as unit
from (
  select user_id, metric from series group by user_id, metric having count(distinct unit) > 1
) as several;

alter table series drop constraint series_metric_fkey;

-- Names that the catalogue does not have are of no kind that it has.
delete from metrics where kind = 'unknown';

-- A former release, which still loads while this one is deployed, registers such names: they are not kept.
create function refuse_unlisted_metric() returns trigger
language plpgsql as $$
begin
  return null;
end
$$;

create trigger refuse_unlisted_metric before insert on metrics
for each row when (new.kind = 'unknown') execute function refuse_unlisted_metric();

-- The unit in which a person's values of a metric count: the catalogue's or, where the person has none in that unit or the
-- catalogue does not know the metric, the unit that the person sent first.
create function effective_unit(person uuid, wanted text) returns text
language sql stable as $$
  select (
    select series.unit
    from series
    left join metrics on metrics.name = series.metric
    where series.user_id = person and series.metric = wanted and series.grouping not in ('workout', 'none')
    order by series.unit is distinct from metrics.unit, series.id
    limit 1
  )
$$;

-- As in 0012, with metrics that the catalogue does not have: they are of the category `other`.
create or replace function ranked_series(person uuid, wanted text)
returns table (series_id bigint, tier integer, rank bigint, place integer, is_joined boolean)
language sql stable as $$
  select series.id, fine.tier,
    dense_rank() over (
      order by cardinality(parts.names) desc, listed.place nulls last, parts.device, series.source, fine.width),
    listed.place,
    cardinality(parts.names) > 1
  from series
  left join metrics on metrics.name = series.metric
  join (
    values ('seconds', 1, 1), ('minutes', 1, 60), ('default', 1, 61), ('hours', 2, 3600), ('unknown', 3, 3601), ('days', 4, 86400)
  ) as fine (grouping, tier, width) on fine.grouping = series.grouping
  left join source_preferences as own
    on (own.user_id, own.scope, own.name) = (series.user_id, 'metric', series.metric)
  left join source_preferences as shared
    on (shared.user_id, shared.scope, shared.name) = (series.user_id, 'category', coalesce(metrics.category, 'other'))
  cross join lateral (
    select string_to_array(series.source, '|') as names,
      case when series.source ilike '%watch%' then 1 when series.source ilike '%phone%' then 3 else 2 end as device
  ) as parts
  cross join lateral (select array_position(coalesce(own.ranked, shared.ranked), series.source) as place) as listed
  where series.user_id = person
    and series.metric = wanted
    and series.source <> all (coalesce(own.excluded, shared.excluded, '{}'))
    and series.unit = (select effective_unit(person, wanted))
$$;

-- Values of an unknown kind do not add up. Of a function this long, the one line that changes.
do $$
declare
  former constant text := '(select kind = ''sum'' from metrics where name = wanted)';
  definition constant text := pg_get_functiondef('counted_samples'::regproc);
begin
  if position(former in definition) = 0 then
    raise exception 'counted_samples does not look up the kind of a metric where it is expected';
  end if;
  execute replace(definition, former, 'coalesce(' || former || ', false)');
end
$$;

-- Totals of which another unit counts from now on.
insert into stale_metrics (user_id, metric)
select user_id, metric from former_units
where unit is distinct from effective_unit(user_id, metric)
on conflict (user_id, metric) do update set since = clock_timestamp(), done_until = null;
