-- Partitions are made when a row first needs them: history reaches back ten years and more, and a DEFAULT
-- partition would have to be scanned each time one is added.

create table partitioned_tables (
  name text primary key,
  width text not null check (width in ('month', 'year'))
);

-- The partitions of `table_name` that hold the given instants exist when this returns. Making one does not
-- block readers or writers of the table: it is built apart and then attached. All bounds are UTC.
create function ensure_partitions(table_name text, instants timestamptz[]) returns void
language plpgsql as $$
declare
  width text := (select t.width from partitioned_tables t where t.name = table_name);
  lower_bound timestamp;
  partition text;
begin
  if width is null then
    raise exception 'table % is not partitioned', table_name;
  end if;
  for lower_bound in
    select distinct date_trunc(width, i at time zone 'UTC') from unnest(instants) i order by 1
  loop
    partition := table_name || to_char(lower_bound, case width when 'month' then '_YYYY_MM' else '_YYYY' end);
    continue when to_regclass(partition) is not null;

    -- One at a time, whoever comes; the second one finds it made. It must look into pg_class for that:
    -- to_regclass may still remember that there was none.
    perform pg_advisory_xact_lock(hashtext('ensure_partitions'), hashtext(table_name));
    continue when exists (
      select from pg_class
      where relname = partition
        and relnamespace = (select c.relnamespace from pg_class c where c.oid = table_name::regclass)
    );

    execute format('create table %I (like %I including defaults including constraints)', partition, table_name);
    execute format(
      'alter table %I attach partition %I for values from (%L) to (%L)',
      table_name, partition,
      lower_bound at time zone 'UTC', (lower_bound + ('1 ' || width)::interval) at time zone 'UTC');
  end loop;
end
$$;
