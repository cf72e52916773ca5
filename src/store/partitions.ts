import type { Row, Statement } from '../database.ts';

/** A test compares them with the table `partitioned_tables`. */
export const PARTITIONED_TABLES = [
  'ingestions',
  'ingestion_slices',
  'set_aside',
  'audit_log',
  'samples',
  'blood_pressure',
  'sleep_nights',
  'sleep_stages',
  'ecg_recordings',
  'workouts',
  'workout_samples',
  'workout_routes',
  'events',
] as const;

export type PartitionedTable = (typeof PARTITIONED_TABLES)[number];

/** Instants that rows are about to be stored under, table by table. */
export type PartitionNeeds = Partial<Record<PartitionedTable, Iterable<number>>>;

/** Makes sure that the partitions exist. First in its transaction, so that it never waits while holding rows. */
export const ensurePartitions = (needs: PartitionNeeds): Statement => ({
  text: `
    select ensure_partitions(name, array_agg(at))
    from jsonb_to_recordset($1::jsonb) as needed (name text, at timestamptz)
    group by name
    order by name`,
  params: [JSON.stringify(monthsOf(needs))],
});

const monthsOf = (needs: PartitionNeeds) =>
  Object.entries(needs).flatMap(([name, instants]) => months(instants).map((at) => ({ name, at })));

/** Months without a partition, `yyyy-mm`, by table; tables that lack none are not in it. */
export type MissingMonths = ReadonlyMap<string, ReadonlySet<string>>;

/** Of the months that any of these need. Makes nothing and locks nothing. */
export const selectMissingMonths = (needs: readonly PartitionNeeds[]): Statement => ({
  text: `
    select name, to_char(month, 'YYYY-MM') as month
    from (
      select name, missing_months(name, array_agg(at)) as months
      from jsonb_to_recordset($1::jsonb) as needed (name text, at timestamptz)
      group by name
    ) as each, unnest(months) as month`,
  params: [JSON.stringify(needs.flatMap(monthsOf))],
});

export function toMissingMonths(rows: readonly Row[]): MissingMonths {
  const missing = new Map<string, Set<string>>();
  for (const { name, month } of rows) {
    const of = missing.get(String(name)) ?? new Set();
    missing.set(String(name), of.add(String(month)));
  }
  return missing;
}

/** The partitions of this month and the two after it, of every table: what is loaded then waits for no partition. */
export function ensureUpcomingPartitions(now: number): Statement {
  const today = new Date(now);
  const firsts = [0, 1, 2].map((ahead) =>
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + ahead, 1),
  );
  return ensurePartitions(Object.fromEntries(PARTITIONED_TABLES.map((name) => [name, firsts])));
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
