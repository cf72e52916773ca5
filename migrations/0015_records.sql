-- What the questions about workouts, routes and events go by.

-- "The workouts of these weeks, in order", and the highest heart rate of the year before one.
create index workouts_in_order on workouts (user_id, started_at);
create index events_in_order on events (user_id, started_at);

-- The routes of who asks. Under row-level security no index by place is ever used: the functions of PostGIS are not
-- leakproof, so Postgres wants to see every row's person before it lets them look at a track. A view of the owner's
-- draws the same line, and leaves the order to the planner.
create view own_routes as
select * from workout_routes where user_id = app_person();

grant select on own_routes to self_sensored_reader;
