/** What is stored of a person, as plain rows in a steady order: without ids, without what is null. */

export type Tables = Record<string, Record<string, unknown>[]>;

type Query = (sql: string, params: (string | null)[]) => Promise<Record<string, string | null>[]>;

const SERIES = ['metric', 'source', 'grouping', 'context', 'unit'].map((name) => `series.${name}`);

const ofSeries = (table: string, key: string, columns = `${table}.*`): string => `
  select ${SERIES.join(', ')}, ${columns}
  from ${table} join series on series.id = ${table}.series_id
  where series.user_id = $1::uuid
  order by ${SERIES.join(', ')}, ${key}`;

const QUERIES: Readonly<Record<string, string>> = {
  samples: ofSeries('samples', 'recorded_at'),
  blood_pressure: ofSeries('blood_pressure', 'recorded_at'),
  sleep_nights: ofSeries('sleep_nights', 'ended_at'),
  sleep_stages: ofSeries('sleep_stages', 'started_at, stage'),
  ecg_recordings: ofSeries('ecg_recordings', 'started_at'),
  workouts: 'select * from workouts where user_id = $1::uuid order by started_at, external_id',
  workout_samples: `
    select workouts.name as workout, ${SERIES.join(', ')}, each.*
    from workouts
    join workout_samples as each on each.workout_id = workouts.id
    join series on series.id = each.series_id
    where workouts.user_id = $1::uuid
    order by workouts.started_at, workouts.external_id, ${SERIES.join(', ')}, recorded_at`,
  workout_routes: `
    select workouts.name as workout, way.*, st_astext(way.track) as track
    from workouts
    join workout_routes as way on way.workout_id = workouts.id
    where workouts.user_id = $1::uuid
    order by workouts.started_at, workouts.external_id`,
  events: 'select * from events where user_id = $1::uuid order by kind, started_at, key',
};

/** Different with every load, or said by other columns. */
const LEFT_OUT = ['id', 'user_id', 'series_id', 'workout_id', 'received_at', 'fingerprint'];

export async function readTables(query: Query, person: string): Promise<Tables> {
  const tables: Tables = {};
  for (const [table, sql] of Object.entries(QUERIES)) {
    const rows = await query(`select to_jsonb(row) as row from (${sql}) as row`, [person]);
    if (rows.length > 0) tables[table] = rows.map(({ row }) => plain(JSON.parse(row ?? '{}')));
  }
  return tables;
}

const plain = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row)
      .filter(
        ([name, value]) =>
          !LEFT_OUT.includes(name) && value !== null && value !== '' && !isEmpty(value),
      )
      .map(([name, value]) => [name, inUtc(value)]),
  );

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/;

/** Whatever zone the server writes its times in. */
const inUtc = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inUtc);
  return typeof value === 'string' && TIMESTAMP.test(value)
    ? new Date(value).toISOString().replace('.000Z', 'Z')
    : value;
};

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
