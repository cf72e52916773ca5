-- The report says for how long what hangs on a receipt is kept: as long as the receipt.

create or replace view partition_report as
select
  parent.relname::text as table_name,
  child.relname::text as partition,
  bounds.lower_bound,
  bounds.upper_bound,
  bounds.upper_bound + kept.keep as kept_until,
  pg_total_relation_size(child.oid) as bytes,
  -- an estimate, as exact as the last ANALYZE and what was written since
  greatest(child.reltuples, pg_stat_get_live_tuples(child.oid), 0)::bigint as rows
from pg_inherits
join pg_class as parent on parent.oid = inhparent
join pg_class as child on child.oid = inhrelid
join (
  -- What hangs on a receipt goes with it.
  select child.name, coalesce(child.keep, receipts.keep) as keep
  from partitioned_tables as child
  left join partitioned_tables as receipts
    on receipts.name = 'ingestions' and child.name in ('ingestion_slices', 'set_aside')
) as kept on kept.name = parent.relname
cross join lateral (
  select ends[1]::timestamptz as lower_bound, ends[2]::timestamptz as upper_bound
  from regexp_match(pg_get_expr(child.relpartbound, child.oid), 'FROM \(''(.+)''\) TO \(''(.+)''\)') as ends
) as bounds
where child.relkind = 'r';

-- Waits for a table that is in use once, not for each of its partitions: the nightly call ends in time.
create or replace function retire_partitions(as_of timestamptz default now()) returns table (partition text, outcome text)
language plpgsql as $$
declare
  expired record;
  reference record;
  retired_as text;
  suffix text;
  -- Tables of which a partition was in use.
  busy text[] := '{}';
begin
  perform set_config('lock_timeout', '2s', true);
  for expired in
    with kept as (
      -- What hangs on a receipt goes with it, and before it.
      select child.name, coalesce(child.keep, receipts.keep) as keep, child.name = 'ingestions' as is_last
      from partitioned_tables as child
      left join partitioned_tables as receipts
        on receipts.name = 'ingestions' and child.name in ('ingestion_slices', 'set_aside')
    )
    select report.table_name, report.partition
    from partition_report as report
    join kept on kept.name = report.table_name
    where report.upper_bound + kept.keep <= as_of
    order by kept.is_last, report.upper_bound, report.table_name
  loop
    partition := expired.partition;
    if expired.table_name = any (busy) then
      outcome := 'left: its table is in use';
      return next;
      continue;
    end if;
    retired_as := expired.partition;
    suffix := null;
    -- One of the same name was retired before: its time was filled again meanwhile.
    if to_regclass(format('retired.%I', retired_as)) is not null then
      suffix := to_char(clock_timestamp(), '_YYYYMMDDHH24MISSMS');
      retired_as := left(expired.partition, 40) || suffix;
    end if;
    begin
      execute format('alter table %I detach partition %I', expired.table_name, expired.partition);
      for reference in
        select conname from pg_constraint
        where conrelid = expired.partition::regclass and contype = 'f' and conparentid = 0
      loop
        execute format('alter table %I drop constraint %I', expired.partition, reference.conname);
      end loop;
      if suffix is not null then
        for reference in
          select relname from pg_index join pg_class on pg_class.oid = indexrelid
          where indrelid = expired.partition::regclass
        loop
          execute format('alter index %I rename to %I', reference.relname, left(reference.relname, 40) || suffix);
        end loop;
        execute format('alter table %I rename to %I', expired.partition, retired_as);
      end if;
      execute format('alter table %I set schema retired', retired_as);
      outcome := 'retired as retired.' || retired_as;
    exception
      when lock_not_available then
        busy := busy || expired.table_name;
        outcome := 'left: it is in use';
      when foreign_key_violation then outcome := 'left: other rows refer to it';
      when others then outcome := 'left: ' || sqlstate;
    end;
    return next;
  end loop;
end
$$;
