-- What Workers of release 0.4.0 write between the migration and the deploy, and what the present ones need not write.

-- No item may be counted below zero, in either form.
create or replace function counts_close(counts jsonb) returns boolean
language sql immutable as $$
  select coalesce(bool_and(
    count_at(value, 0) = count_at(value, 1) + count_at(value, 2) + count_at(value, 3) + count_at(value, 4)
    and 0 <= all (array[
      count_at(value, 0), count_at(value, 1), count_at(value, 2), count_at(value, 3), count_at(value, 4)])), true)
  from jsonb_each(counts)
$$;

-- Release 0.4.0 replaces the points of a workout's series and leaves the moments of the former ones. Without moments
-- remove_replaced_points (0019) looks everywhere, which is slower and never wrong: so also where a fuller record has the
-- moments of the former.
create function forget_former_moments() returns trigger
language plpgsql as $$
begin
  new.first_at := null;
  new.last_at := null;
  return new;
end
$$;

create trigger forget_former_moments before update on workout_series
for each row
when (
  (new.received_at, new.points, new.fingerprint) is distinct from (old.received_at, old.points, old.fingerprint)
  and (new.first_at, new.last_at) is not distinct from (old.first_at, old.last_at)
)
execute function forget_former_moments();

-- Written by migrations/run.ts alone: who wrote a number there could give counts of people another name.
revoke insert, update, delete on metric_numbers from self_sensored_app;

-- As before (0027), with metric_numbers among what the Workers read.
create or replace function grant_to_workers() returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  owner constant oid := (select oid from pg_roles where rolname = current_user);
  -- PostGIS may belong to the same owner.
  of_extensions constant oid[] := array(select objid from pg_depend where deptype = 'e');
  found record;
  rights text;
begin
  for found in
    select oid, relname, relkind, relrowsecurity from pg_class
    where relnamespace = 'public'::regnamespace and relowner = owner
      and relkind in ('r', 'p', 'v', 'S') and not relispartition and oid <> all (of_extensions)
  loop
    rights := case
      when found.relname in ('readers', 'schema_migrations') then null
      when found.relkind = 'S' then 'usage'
      when found.relkind = 'v' then 'select'
      -- What the owner decides, and what its functions go by.
      when found.relname in ('partitioned_tables', 'metrics', 'metric_numbers', 'empty_partitions') then 'select'
      -- Entries of the audit log are for ever.
      when found.relname = 'audit_log' then 'select, insert'
      -- People and their keys go by an erasure alone.
      when found.relname in ('users', 'api_keys', 'erasures') then 'select, insert, update'
      else 'select, insert, update, delete'
    end;
    if rights is not null then
      execute format('grant %s on %s %I to self_sensored_app',
        rights, case found.relkind when 'S' then 'sequence' else 'table' end, found.relname);
    end if;
    if found.relrowsecurity and not exists (
      select from pg_policy where polrelid = found.oid and polname = 'rows_of_all'
    ) then
      execute format('create policy rows_of_all on %I to self_sensored_app using (true) with check (true)', found.relname);
    end if;
  end loop;
  for found in
    select oid::regprocedure as signature from pg_proc
    where pronamespace = 'public'::regnamespace and proowner = owner
      and prosecdef and proname <> 'app_person' and oid <> all (of_extensions)
  loop
    execute format('revoke execute on function %s from public', found.signature);
    execute format('grant execute on function %s to self_sensored_app', found.signature);
  end loop;
end
$$;
