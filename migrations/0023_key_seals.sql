-- What an upload is compared with that was archived while its key could not be looked up.

alter table api_keys
  -- HMAC-SHA-256 of the whole key under the pepper of the Worker, in hex. Null for a key that carries no tag.
  add column seal text check (length(seal) = 64);
