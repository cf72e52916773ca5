-- A task that has never run is late from the last migration on: the Workers see when that was, and nothing else of it.

grant select (applied_at) on schema_migrations to self_sensored_app;
