-- Ends a transaction that was only tried: everything is taken back, and the answer goes out with the error.
create function take_back(answer jsonb) returns void
language plpgsql as $$
begin
  raise exception 'taken back' using errcode = 'SS000', detail = answer::text;
end
$$;
