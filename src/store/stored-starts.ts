import { type Database, instantOf } from '../database.ts';
import type { Decoded } from '../model.ts';
import type { MissingMonths } from './partitions.ts';

/**
 * Workouts, and events with an id of their own, are found by it wherever they start. A load moves them to the start that
 * the later payload says; a dry run, which makes no partition, compares them where they are.
 */

/** Starts by kind and key. */
type Starts = ReadonlyMap<string, number>;

/** $1 user, $2 external ids of workouts, $3 { kind, key } of events. */
const SELECT_STARTS = `
  select 'workouts' as kind, external_id as key, started_at
  from workouts
  where user_id = $1::uuid and external_id in (select jsonb_array_elements_text($2::jsonb))
  union all
  select events.kind, events.key, events.started_at
  from jsonb_to_recordset($3::jsonb) as wanted (kind text, key text)
  join events on events.user_id = $1::uuid and (events.kind, events.key) = (wanted.kind, wanted.key)`;

/**
 * The slices with those rows where they are stored, of those that start in months without a partition.
 * @throws DatabaseUnreachable, DatabaseFault
 */
export async function atStoredStarts(
  database: Database,
  { userId, slices, missing }: { userId: string; slices: Decoded[]; missing: MissingMonths },
): Promise<Decoded[]> {
  const isMissing = (table: 'workouts' | 'events', at: number): boolean =>
    missing.get(table)?.has(new Date(at).toISOString().slice(0, 7)) ?? false;
  const ids = slices
    .flatMap(({ workouts }) => workouts)
    .filter(({ startedAt }) => isMissing('workouts', startedAt))
    .map(({ externalId }) => externalId);
  const keys = slices
    .flatMap(({ events }) => events)
    .filter(({ keyIsUnique, startedAt }) => keyIsUnique && isMissing('events', startedAt))
    .map(({ kind, key }) => ({ kind, key }));
  if (ids.length === 0 && keys.length === 0) return slices;
  const rows = await database.query({
    text: SELECT_STARTS,
    params: [userId, JSON.stringify(ids), JSON.stringify(keys)],
  });
  if (rows.length === 0) return slices;
  const starts = new Map(
    rows.map(({ kind, key, started_at }) => [`${kind}\n${key}`, instantOf(started_at)]),
  );
  return slices.map((decoded) => moved(decoded, starts));
}

const moved = (decoded: Decoded, starts: Starts): Decoded => ({
  ...decoded,
  workouts: decoded.workouts.map((workout) => ({
    ...workout,
    startedAt: starts.get(`workouts\n${workout.externalId}`) ?? workout.startedAt,
  })),
  events: decoded.events.map((event) => ({
    ...event,
    startedAt:
      (event.keyIsUnique ? starts.get(`${event.kind}\n${event.key}`) : undefined) ??
      event.startedAt,
  })),
});
