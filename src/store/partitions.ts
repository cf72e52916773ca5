import type { Statement } from '../database.ts';

export type PartitionedTable =
  | 'ingestions'
  | 'ingestion_slices'
  | 'set_aside'
  | 'samples'
  | 'blood_pressure'
  | 'sleep_nights'
  | 'sleep_stages'
  | 'ecg_recordings'
  | 'workouts'
  | 'workout_samples'
  | 'workout_routes'
  | 'events';

/** Instants that rows are about to be stored under, table by table. */
export type PartitionNeeds = Partial<Record<PartitionedTable, Iterable<number>>>;

/** Makes sure that the partitions exist. First in its transaction, so that it never waits while holding rows. */
export function ensurePartitions(needs: PartitionNeeds): Statement {
  const wanted = Object.entries(needs).flatMap(([name, instants]) =>
    months(instants).map((at) => ({ name, at })),
  );
  return {
    text: `
      select ensure_partitions(name, array_agg(at))
      from jsonb_to_recordset($1::jsonb) as needed (name text, at timestamptz)
      group by name
      order by name`,
    params: [JSON.stringify(wanted)],
  };
}

const DAY_MS = 86_400_000;

/** The months the instants fall in. Days first: thousands of rows share a few of them. */
function months(instants: Iterable<number>): string[] {
  const days = new Set<number>();
  for (const instant of instants) days.add(Math.floor(instant / DAY_MS));
  return [...new Set([...days].map((day) => new Date(day * DAY_MS).toISOString().slice(0, 7)))].map(
    (month) => `${month}-01T00:00:00Z`,
  );
}
