-- What one person may ask for, where asking again and again would cost everybody.

alter table users
  -- when the time zone was changed in the last day: each change makes all days of the person stale
  add column zone_changes timestamptz[] not null default '{}',
  -- whoever recomputes the person's days, alone, until then
  add column recompute_until timestamptz;

-- Before a change of the time zone. Fails with SS004 where it has changed `most` times within a day.
create function allow_zone_change(person uuid, zone text, most integer) returns void
language plpgsql as $$
declare
  recent timestamptz[];
begin
  select array(select each from unnest(zone_changes) as each where each > clock_timestamp() - interval '1 day')
  into recent
  from users where id = person and time_zone <> zone
  for update;
  if not found then
    return;
  end if;
  if cardinality(recent) >= most then
    raise exception 'the time zone has changed often enough' using errcode = 'SS004';
  end if;
  update users set zone_changes = recent || clock_timestamp() where id = person;
end
$$;

-- Before an export. Fails with SS002 while another is being made, and with SS003 where `most` are kept.
create function require_room_for_export(person uuid, most integer) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('exports of ' || person, 0));
  if exists (select from exports where user_id = person and status = 'running') then
    raise exception 'another export is being made' using errcode = 'SS002';
  end if;
  if (select count(*) from exports where user_id = person and status = 'done') >= most then
    raise exception 'so many exports are kept' using errcode = 'SS003';
  end if;
end
$$;

-- Seconds until the days of a person may be recomputed, `quiet` seconds after the last change; null: none are stale.
create function recompute_wait(person uuid, quiet integer) returns integer
language sql stable as $$
  select greatest(0, ceil(extract(epoch from since + make_interval(secs => quiet) - clock_timestamp())))::integer
  from stale_metrics
  where user_id = person
  order by since
  limit 1
$$;

-- Takes the work for `lease` seconds if its time has come. 0: taken; else the seconds until then; null: none are stale.
create function take_recompute(person uuid, quiet integer, lease integer) returns integer
language plpgsql as $$
declare
  wait integer := recompute_wait(person, quiet);
begin
  if wait is null or wait > 0 then
    return wait;
  end if;
  update users set recompute_until = clock_timestamp() + make_interval(secs => lease)
  where id = person and coalesce(recompute_until < clock_timestamp(), true);
  if found then
    return 0;
  end if;
  return (
    select greatest(1, ceil(extract(epoch from recompute_until - clock_timestamp())))::integer
    from users where id = person
  );
end
$$;

-- Lets another take the work. The same as recompute_wait then says.
create function release_recompute(person uuid, quiet integer) returns integer
language plpgsql as $$
begin
  update users set recompute_until = null where id = person;
  return recompute_wait(person, quiet);
end
$$;
