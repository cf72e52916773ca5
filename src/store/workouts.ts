import { SUMMARY_COLUMNS, SUMMARY_WORDS } from '../catalog/workout-summary.ts';
import type { Statement } from '../database.ts';
import type { Workout } from '../model.ts';
import { COUNT, type SlicePlace } from './counts.ts';
import { timestamp } from './receipts.ts';
import { upsertWorkoutRoutes } from './workout-routes.ts';
import { upsertWorkoutSeries } from './workout-series.ts';

/** What the app says of a workout besides its key, its times and its summary. */
const COLUMNS = [
  'ended_at',
  'name',
  'activity',
  'version',
  'source',
  ...SUMMARY_COLUMNS.map(({ column }) => column),
  ...SUMMARY_WORDS.map(({ column }) => column),
  'is_indoor',
  'attributes',
  'fingerprint',
];

/** One load of a person's workouts after the other: two that move the same one would leave it twice. */
const TAKE_TURNS = `select pg_advisory_xact_lock(hashtext('workouts'), hashtext($1))`;

/** A workout whose start was corrected goes where the later payload says, with its id and all that hangs on it. */
const MOVE = `
  with incoming as (
    select * from jsonb_to_recordset($3::jsonb) as w (external_id text, started_at timestamptz, fingerprint bigint)
  ),
  moved as (
    update workouts set started_at = incoming.started_at
    from incoming
    where workouts.user_id = $1::uuid
      and workouts.external_id = incoming.external_id
      and workouts.started_at <> incoming.started_at
      and (workouts.received_at, workouts.fingerprint) < ($2::timestamptz, incoming.fingerprint)
    returning workouts.id, workouts.started_at
  )
  update workout_routes set started_at = moved.started_at
  from moved
  where workout_routes.workout_id = moved.id`;

/** The columns of the table name the types: a document's fields go by their names. The later summary stands whole. */
const UPSERT = `
  insert into workouts (user_id, external_id, started_at, received_at, ${COLUMNS.join(', ')})
  select $1::uuid, external_id, started_at, $2::timestamptz, ${COLUMNS.join(', ')}
  from jsonb_populate_recordset(null::workouts, $3::jsonb) as incoming
  where not exists (
    select from workouts as stored
    where stored.user_id = $1::uuid
      and stored.external_id = incoming.external_id
      -- A later payload has moved it away.
      and (stored.started_at <> incoming.started_at or stored.fingerprint = incoming.fingerprint)
  )
  order by external_id
  on conflict (user_id, external_id, started_at) do update set
    received_at = excluded.received_at,
    ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(',\n    ')},
    revision = coalesce(workouts.revision, 0) + 1
  where (excluded.received_at, excluded.fingerprint) > (workouts.received_at, workouts.fingerprint)`;

/**
 * A workout has changed if its row was written by this very transaction: by its summary, or by one of its series or
 * its route, which mark the row of theirs. $5 external ids.
 */
const COUNT_CHANGED = `
  with seen as (
    select 'workouts' as metric, jsonb_array_length($5::jsonb) as rows
  ),
  changed as (
    select 'workouts' as metric,
      count(*) filter (where revision is null) as inserted,
      count(*) filter (where revision is not null) as updated
    from workouts
    where user_id = $1::uuid
      and external_id in (select jsonb_array_elements_text($5::jsonb))
      and xmin = pg_current_xact_id()::xid
  ),
  ${COUNT}`;

/** Upserts workouts with their series and routes. Their series are registered already. */
export function upsertWorkouts(place: SlicePlace, workouts: readonly Workout[]): Statement[] {
  const { userId, saidAt } = place;
  const rows = JSON.stringify(workouts.map(toColumns));
  return [
    { text: TAKE_TURNS, params: [userId] },
    { text: MOVE, params: [userId, saidAt, rows] },
    { text: UPSERT, params: [userId, saidAt, rows] },
    ...upsertWorkoutSeries(place, workouts),
    ...upsertWorkoutRoutes(place, workouts),
    {
      text: COUNT_CHANGED,
      params: [
        userId,
        place.ingestionId,
        place.receivedAt,
        place.slice,
        JSON.stringify(workouts.map(({ externalId }) => externalId)),
      ],
    },
  ];
}

const toColumns = (workout: Workout) => ({
  external_id: workout.externalId,
  started_at: timestamp(workout.startedAt),
  ended_at: workout.endedAt === null ? null : timestamp(workout.endedAt),
  name: workout.name,
  activity: workout.activity,
  version: workout.version,
  source: workout.source,
  ...workout.summary,
  attributes: workout.attributes,
  fingerprint: workout.fingerprint,
});
