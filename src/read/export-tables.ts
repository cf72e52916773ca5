import { SUMMARY_COLUMNS, SUMMARY_WORDS } from '../catalog/workout-summary.ts';
import { documents, type ExportColumn, flags, instants, numbers, texts } from './export-columns.ts';

/** What an export holds of each table: the contract between the zip and whoever reads it. Data. */

export interface ExportTable {
  /** Of its folder in the zip. */
  name: string;
  /** In Postgres. */
  table: string;
  /** What a row hangs on: that decides whose it is. */
  of: 'series' | 'workouts' | 'uploads' | 'goals' | 'person';
  /** The column that puts it into its partition; `null` where there are none. */
  time: string | null;
  /** With whose time a span of the export is meant, where it is not its own. */
  span?: 'workout' | 'none';
  /** What rows are in order of, with the type of each: columns below. */
  key: readonly (readonly [column: string, type: string])[];
  columns: readonly ExportColumn[];
  /** Asked for at once: as many as are a few megabytes. */
  rowsAtOnce: number;
}

/** The number that `series.ndjson` has for it. */
const SERIES: ExportColumn = { name: 'series', kind: 'number', sql: 't.series_id' };
/** The number that `workouts` has for it. */
const WORKOUT: ExportColumn = { name: 'workout', kind: 'number', sql: 't.workout_id' };
/** By name: numbers of metrics differ from database to database. */
const COUNTS: ExportColumn = { name: 'counts', kind: 'json', sql: 'unpack_counts(t.counts)' };
const STORED = [...instants('received_at'), ...numbers('revision')];
const FEW = 20_000;

/** In the order of the zip, which is that of an import: what rows refer to comes before them. */
export const EXPORT_TABLES: readonly ExportTable[] = [
  {
    name: 'series',
    table: 'series',
    of: 'person',
    time: null,
    span: 'none',
    key: [['id', 'bigint']],
    columns: [
      ...numbers('id'),
      ...texts('metric', 'source', 'grouping', 'context', 'unit', 'display_name'),
    ],
    rowsAtOnce: FEW,
  },
  {
    name: 'source_preferences',
    table: 'source_preferences',
    of: 'person',
    time: null,
    span: 'none',
    key: [
      ['scope', 'text'],
      ['name', 'text'],
    ],
    columns: [
      ...texts('scope', 'name'),
      ...documents('ranked', 'excluded'),
      ...instants('changed_at'),
    ],
    rowsAtOnce: FEW,
  },
  {
    name: 'goals',
    table: 'goals',
    of: 'person',
    time: null,
    span: 'none',
    key: [['id', 'uuid']],
    columns: [
      ...texts('id', 'metric', 'agg', 'period', 'direction', 'starts_on', 'ends_on'),
      ...instants('created_at'),
    ],
    rowsAtOnce: FEW,
  },
  {
    name: 'goal_targets',
    table: 'goal_targets',
    of: 'goals',
    time: null,
    span: 'none',
    key: [
      ['goal_id', 'uuid'],
      ['starts_on', 'date'],
    ],
    columns: [...texts('goal_id', 'starts_on'), ...numbers('target')],
    rowsAtOnce: FEW,
  },
  {
    name: 'samples',
    table: 'samples',
    of: 'series',
    time: 'recorded_at',
    key: [
      ['series', 'bigint'],
      ['recorded_at', 'timestamptz'],
    ],
    columns: [
      SERIES,
      ...instants('recorded_at', 'ended_at'),
      ...numbers('value', 'min', 'max'),
      ...STORED,
    ],
    rowsAtOnce: FEW,
  },
  {
    name: 'blood_pressure',
    table: 'blood_pressure',
    of: 'series',
    time: 'recorded_at',
    key: [
      ['series', 'bigint'],
      ['recorded_at', 'timestamptz'],
    ],
    columns: [
      SERIES,
      ...instants('recorded_at'),
      ...numbers('systolic', 'diastolic', 'pulse'),
      ...STORED,
    ],
    rowsAtOnce: FEW,
  },
  {
    name: 'sleep_nights',
    table: 'sleep_nights',
    of: 'series',
    time: 'ended_at',
    key: [
      ['series', 'bigint'],
      ['ended_at', 'timestamptz'],
    ],
    columns: [
      SERIES,
      ...instants('ended_at', 'began_at', 'in_bed_from', 'in_bed_until'),
      ...texts('day'),
      ...numbers('total', 'asleep', 'core', 'deep', 'rem', 'awake', 'in_bed'),
      ...flags('plausible'),
      ...numbers('fingerprint'),
      ...STORED,
    ],
    rowsAtOnce: FEW,
  },
  {
    name: 'sleep_stages',
    table: 'sleep_stages',
    of: 'series',
    time: 'started_at',
    key: [
      ['series', 'bigint'],
      ['started_at', 'timestamptz'],
      ['stage', 'text'],
    ],
    columns: [SERIES, ...instants('started_at', 'ended_at'), ...texts('stage', 'label'), ...STORED],
    rowsAtOnce: FEW,
  },
  {
    name: 'ecg',
    table: 'ecg_recordings',
    of: 'series',
    time: 'started_at',
    key: [
      ['series', 'bigint'],
      ['started_at', 'timestamptz'],
    ],
    columns: [
      SERIES,
      ...instants('started_at', 'ended_at'),
      ...texts('classification', 'class'),
      ...numbers('average_heart_rate', 'sampling_frequency', 'announced', 'points'),
      { name: 'voltages', kind: 'json', ndjsonOnly: true },
      ...documents('attributes'),
      ...numbers('fingerprint'),
      ...STORED,
    ],
    rowsAtOnce: 10,
  },
  {
    name: 'workouts',
    table: 'workouts',
    of: 'person',
    time: 'started_at',
    key: [
      ['started_at', 'timestamptz'],
      ['external_id', 'text'],
    ],
    columns: [
      ...numbers('id'),
      ...texts('external_id'),
      ...instants('started_at', 'ended_at'),
      ...texts('name', 'activity'),
      ...numbers('version'),
      ...texts('source'),
      ...numbers(...SUMMARY_COLUMNS.map(({ column }) => column)),
      ...texts(...SUMMARY_WORDS.map(({ column }) => column)),
      ...flags('is_indoor'),
      ...documents('attributes'),
      ...numbers('fingerprint'),
      ...STORED,
    ],
    rowsAtOnce: 2_000,
  },
  {
    name: 'workout_series',
    table: 'workout_series',
    of: 'workouts',
    time: null,
    span: 'workout',
    key: [
      ['workout', 'bigint'],
      ['series', 'bigint'],
    ],
    columns: [
      WORKOUT,
      SERIES,
      ...instants('received_at'),
      ...numbers('points', 'fingerprint'),
      ...instants('first_at', 'last_at'),
    ],
    rowsAtOnce: FEW,
  },
  {
    name: 'workout_samples',
    table: 'workout_samples',
    of: 'workouts',
    time: 'recorded_at',
    span: 'workout',
    key: [
      ['workout', 'bigint'],
      ['series', 'bigint'],
      ['recorded_at', 'timestamptz'],
    ],
    columns: [WORKOUT, SERIES, ...instants('recorded_at'), ...numbers('value', 'min', 'max')],
    rowsAtOnce: FEW,
  },
  {
    name: 'routes',
    table: 'workout_routes',
    of: 'workouts',
    time: 'started_at',
    key: [
      ['workout', 'bigint'],
      ['started_at', 'timestamptz'],
    ],
    columns: [
      WORKOUT,
      ...instants('started_at'),
      ...numbers('points'),
      {
        name: 'coordinates',
        kind: 'json',
        ndjsonOnly: true,
        sql: `(
          select json_agg(json_build_array(st_x(geom), st_y(geom), st_z(geom)) order by path)
          from st_dumppoints(t.track::geometry)
        )`,
      },
      {
        name: 'recorded_at',
        kind: 'json',
        ndjsonOnly: true,
        sql: `(
          select json_agg(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') order by i)
          from unnest(t.recorded_at) with ordinality as each (at, i)
        )`,
      },
      ...[
        'speed',
        'course',
        'horizontal_accuracy',
        'vertical_accuracy',
        'speed_accuracy',
        'course_accuracy',
      ].map((name) => ({ name, kind: 'json' as const, ndjsonOnly: true as const })),
      ...numbers('fingerprint'),
      ...STORED,
    ],
    rowsAtOnce: 5,
  },
  {
    name: 'events',
    table: 'events',
    of: 'person',
    time: 'started_at',
    key: [
      ['started_at', 'timestamptz'],
      ['kind', 'text'],
      ['key', 'text'],
    ],
    columns: [
      ...texts('kind', 'key'),
      ...instants('started_at', 'ended_at'),
      ...texts('name', 'code', 'value', 'value_code'),
      ...numbers('quantity'),
      ...texts('source'),
      ...documents('attributes'),
      ...numbers('fingerprint'),
      ...STORED,
    ],
    rowsAtOnce: 2_000,
  },
  {
    name: 'receipts',
    table: 'ingestions',
    of: 'person',
    time: 'received_at',
    key: [
      ['received_at', 'timestamptz'],
      ['id', 'uuid'],
    ],
    columns: [
      ...texts('id'),
      ...instants('received_at'),
      ...texts('key_id', 'correlation_id'),
      ...numbers('bytes'),
      ...texts('sha256', 'raw_key', 'idempotency_key'),
      ...documents('automation'),
      ...texts('status', 'failure'),
      ...numbers('slices_total', 'slices_loaded', 'issues_total'),
      ...instants('completed_at'),
      ...texts('replay_of'),
      ...instants('said_at'),
      ...texts('cut'),
      ...instants('swept_at'),
      ...numbers('sweeps'),
    ],
    rowsAtOnce: 2_000,
  },
  {
    name: 'receipt_slices',
    table: 'ingestion_slices',
    of: 'uploads',
    time: 'received_at',
    key: [
      ['received_at', 'timestamptz'],
      ['ingestion_id', 'uuid'],
      ['slice', 'integer'],
    ],
    columns: [
      ...texts('ingestion_id'),
      ...instants('received_at'),
      ...numbers('slice'),
      ...instants('loaded_at'),
      COUNTS,
      ...documents('issues', 'unknown_fields'),
      ...numbers('decoder'),
    ],
    rowsAtOnce: 2_000,
  },
  {
    name: 'set_aside',
    table: 'set_aside',
    of: 'uploads',
    time: 'received_at',
    key: [
      ['received_at', 'timestamptz'],
      ['ingestion_id', 'uuid'],
      ['slice', 'integer'],
      ['ordinal', 'integer'],
    ],
    columns: [
      ...texts('ingestion_id'),
      ...instants('received_at'),
      ...numbers('slice', 'ordinal'),
      ...texts('metric', 'pointer', 'code', 'message'),
    ],
    // A page is in memory three times: as text, as rows and as lines.
    rowsAtOnce: 4_000,
  },
];

export const exportTable = (name: string): ExportTable | undefined =>
  EXPORT_TABLES.find((table) => table.name === name);
