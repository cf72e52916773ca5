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
