-- Raw objects lie under the hour they were received in: an erasure walks the hours of its person (decision 24).

-- The hour of the archive that it goes on with, `yyyy-mm-ddThh`; null: it has not begun with it.
alter table erasures add column archive_hour text;
