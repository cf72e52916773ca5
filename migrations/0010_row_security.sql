-- A second wall for reads: questions of the API are asked in a role that sees only the rows of the person it names in
-- `app.person`. A query that forgets its `where user_id = …` finds nothing of anyone else.

do $$
begin
  -- Roles belong to the whole server: another database of it may have made this one.
  if not exists (select from pg_roles where rolname = 'self_sensored_reader') then
    create role self_sensored_reader nologin;
  end if;
  execute format('grant self_sensored_reader to %I', current_user);
end
$$;

grant usage on schema public to self_sensored_reader;

-- Nobody, where nobody is named.
create function app_person() returns uuid
language sql stable as $$
  select nullif(current_setting('app.person', true), '')::uuid
$$;

do $$
declare
  name text;
begin
  -- Rows that name their person.
  foreach name in array array['series', 'workouts', 'workout_routes', 'events', 'ingestions'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_rows on %I for select using (user_id = app_person())', name);
    execute format('grant select on %I to self_sensored_reader', name);
  end loop;

  -- Rows that hang on a series. The policy of `series` holds inside of this one.
  foreach name in array array[
    'samples', 'blood_pressure', 'sleep_nights', 'sleep_stages', 'ecg_recordings', 'workout_series', 'workout_samples'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_rows on %I for select using (series_id in (select id from series))', name);
    execute format('grant select on %I to self_sensored_reader', name);
  end loop;

  -- Rows that hang on an upload.
  foreach name in array array['ingestion_slices', 'set_aside'] loop
    execute format('alter table %I enable row level security', name);
    execute format($policy$
      create policy own_rows on %I for select using (exists (
        select from ingestions
        where (ingestions.id, ingestions.received_at) = (ingestion_id, %I.received_at)
      ))$policy$, name, name);
    execute format('grant select on %I to self_sensored_reader', name);
  end loop;

  -- Views see what who asks them may see.
  for name in select viewname from pg_views where schemaname = 'public' and viewowner = current_user
    and viewname = any (array[
      'heart_rate_metrics', 'blood_pressure_metrics', 'sleep_from_stages', 'sleep_metrics', 'activity_metrics',
      'blood_glucose_metrics', 'workout_data', 'raw_ingestions', 'sexual_activity_days'])
  loop
    execute format('alter view %I set (security_invoker = true)', name);
    execute format('grant select on %I to self_sensored_reader', name);
  end loop;
end
$$;

alter table users enable row level security;
create policy own_rows on users for select using (id = app_person());
grant select (id, email, time_zone, created_at) on users to self_sensored_reader;

grant select on metrics to self_sensored_reader;
