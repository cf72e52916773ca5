-- The catalogue comes with the code alone, and a partition that drop_empty_partitions (0019) goes by is found by itself alone:
-- who wrote its name there could have an empty table dropped.

revoke insert, update, delete on metrics, empty_partitions from self_sensored_app;

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
      when found.relname in ('partitioned_tables', 'metrics', 'empty_partitions') then 'select'
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
