-- People and the keys that act for them.

create table users (
  id uuid primary key default gen_random_uuid(),
  email text not null check (email = lower(btrim(email)) and email like '%_@_%'),
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now(),
  unique (email)
);

create table api_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  kind text not null check (kind in ('ing', 'read', 'admin')),
  name text,
  -- The public half of the key: finds one row, opens nothing.
  lookup text not null unique check (length(lookup) = 12),
  -- argon2id of the whole key, in PHC form.
  secret_hash text not null,
  -- Where a key has limits of its own; null takes the installation's.
  requests_per_hour integer check (requests_per_hour > 0),
  bytes_per_hour bigint check (bytes_per_hour > 0),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

create index api_keys_of_user on api_keys (user_id);
