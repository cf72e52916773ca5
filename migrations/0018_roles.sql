-- The Workers run as a role that reads and writes rows and owns nothing. Only whoever migrates is the owner.
-- And a login that reads one person's rows is bound to that person by a table, not by a setting that it may change.

do $$
declare
  app_inherits text := '';
begin
  -- Roles belong to the whole server: another database of it may have made this one, or make it at this moment.
  begin
    if not exists (select from pg_roles where rolname = 'self_sensored_app') then
      create role self_sensored_app nologin noinherit;
    end if;
  exception
    when duplicate_object or unique_violation then null;
  end;
  if not pg_has_role(current_user, 'self_sensored_app', 'member') then
    execute format('grant self_sensored_app to %I', current_user);
  end if;
  -- It may become the reader, and is not the reader otherwise. Before 16 the role says that (noinherit), since then the grant.
  if current_setting('server_version_num')::int >= 160000 then
    app_inherits := ' with inherit false, set true';
  end if;
  if not pg_has_role('self_sensored_app', 'self_sensored_reader', 'member') then
    execute 'grant self_sensored_reader to self_sensored_app' || app_inherits;
  end if;
end
$$;

-- Which login reads whose rows. Only the owner writes it.
create table readers (
  -- of a login that is a member of self_sensored_reader
  role name primary key,
  user_id uuid not null references users (id) on delete cascade
);

-- Whose rows may be seen. Of a login in `readers`: always those of its person. The setting counts for the Workers and the
-- owner alone, so that a login that has lost its person sees no rows, whatever it sets. It asks who has logged in:
-- `set role` does not change that.
create or replace function app_person() returns uuid
language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
declare
  bound constant uuid := (select user_id from readers where role = session_user);
begin
  if bound is not null then
    return bound;
  end if;
  if pg_has_role(session_user, 'self_sensored_app', 'member') then
    return nullif(current_setting('app.person', true), '')::uuid;
  end if;
  return null;
end
$$;

-- Not inlined any more: asked once a question, not once a row.
create or replace view own_routes as
select * from workout_routes where user_id = (select app_person());

-- What makes or changes tables, and what works on partitions directly, runs as the owner. `create or replace` resets
-- both words: whoever restates one of these functions repeats them (a test holds it).
alter function ensure_partitions(text, timestamptz[]) security definer set search_path = public, pg_temp;
alter function retire_partitions(timestamptz) security definer set search_path = public, pg_temp;
alter function count_person_rows(uuid, integer) security definer set search_path = public, pg_temp;
alter function erase_rows(uuid, integer) security definer set search_path = public, pg_temp;
alter function finish_erasure(uuid) security definer set search_path = public, pg_temp;

revoke create on schema public from public;
grant usage on schema public to self_sensored_app;

-- Gives the Workers what they need of every table and function there is. Runs after each migration (migrations/run.ts), so
-- that a table of a later one is not forgotten. Partitions are reached through their table.
create function grant_to_workers() returns void
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
      -- What the owner decides, and what its functions go by: who wrote the name of a partition into empty_partitions could
      -- have an empty table dropped, and a number into metric_numbers gives counts of people another name.
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

revoke execute on function grant_to_workers() from public;

-- What the reader may see is a matter of the reader.
do $$
declare
  found record;
begin
  for found in select tablename from pg_policies where schemaname = 'public' and policyname = 'own_rows' loop
    execute format('alter policy own_rows on %I to self_sensored_reader', found.tablename);
  end loop;
end
$$;
