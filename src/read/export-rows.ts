import type { Row, Statement } from '../database.ts';
import type { ColumnKind, ExportColumn } from './export-columns.ts';
import type { ExportTable } from './export-tables.ts';

/** The rows of a table for an export, page by page in the order of its key. */

/** A row as it goes into the zip: what is not there is `null`. JSON columns are JSON texts. */
export type ExportRow = Record<string, string | number | boolean | null>;

/** Which rows. Instants are ISO texts or Postgres' infinities. */
export interface ExportQuestion {
  userId: string;
  /** What the whole export is about. */
  span: Span;
  /** What this step is about: rows of `[from, to)`. */
  step: Span;
  /** The key of the last row before; `null`: from the first on. */
  after: readonly (string | number)[] | null;
}

export interface Span {
  from: string;
  to: string;
}

/** Values that come before all others, by type. */
const FIRST: Readonly<Record<string, string>> = {
  bigint: '-1',
  integer: '-1',
  timestamptz: '-infinity',
  uuid: '00000000-0000-0000-0000-000000000000',
  text: '',
  date: '-infinity',
};

/** Exact: a double holds microseconds of some 280 years. */
const SELECTED: Readonly<Record<ColumnKind, (sql: string) => string>> = {
  instant: (sql) => `(extract(epoch from ${sql}) * 1000000)::float8`,
  number: (sql) => `${sql}::float8`,
  text: (sql) => `${sql}::text`,
  flag: (sql) => sql,
  json: (sql) => `to_json(${sql})::text`,
};

const sourceOf = ({ name, sql = `t.${name}` }: ExportColumn): string => sql;

/**
 * $1 person, $2 and $3 the span of the export, $4 and $5 that of the step, $6 how many, $7 … the key of the last row.
 * What hangs on something is looked up one by one, by its index: a partition has rows of many people.
 */
export function selectExportRows(table: ExportTable, question: ExportQuestion): Statement {
  const columns = table.columns.map(
    (column) => `${SELECTED[column.kind](sourceOf(column))} as ${column.name}`,
  );
  const hangs = table.of === 'series' || table.of === 'workouts';
  const keys = table.key.map(([name], i) =>
    hangs && i === 0 ? 'parent.id' : `t.${sqlName(name)}`,
  );
  return {
    text: `
      select ${columns.join(', ')}
      from ${FROM[table.of](table)}
      ${table.of === 'person' ? `where t.user_id = $1::uuid ${within('t', table)} ${past('t', table)}` : ''}
      order by ${keys.join(', ')}
      limit $6::int + ${EVERY_PARAMETER}`,
    params: [
      question.userId,
      question.span.from,
      question.span.to,
      question.step.from,
      question.step.to,
      table.rowsAtOnce,
      ...(question.after ?? table.key.map(([, type]) => FIRST[type] ?? '')),
    ],
  };
}

/** Zero. Postgres wants to know the type of a parameter also where the statement has no use for it. */
const EVERY_PARAMETER = `0 * num_nonnulls($2::timestamptz, $3::timestamptz, $4::timestamptz, $5::timestamptz)`;

/** Series and workouts have other names in the tables than in the zip. */
const sqlName = (name: string): string =>
  name === 'series' || name === 'workout' ? `${name}_id` : name;

const within = (alias: string, { time, span }: ExportTable): string => {
  if (time === null) return '';
  const ofStep = `and ${alias}.${time} >= $4::timestamptz and ${alias}.${time} < $5::timestamptz`;
  if (span !== undefined) return ofStep;
  return `${ofStep} and ${alias}.${time} >= $2::timestamptz and ${alias}.${time} < $3::timestamptz`;
};

/** Rows that come after the last one of the page before. */
const past = (alias: string, { key }: ExportTable): string => {
  const names = key.map(([name]) => `${alias}.${sqlName(name)}`).join(', ');
  return `and (${names}) > (${key.map(([, type], i) => `$${i + 7}::${type}`).join(', ')})`;
};

/** The rows of each parent in their order, of the first one those that are left. */
function ofParents(table: ExportTable, parents: string): string {
  const [, ...rest] = table.key;
  const [[first, type]] = rest as [readonly [string, string]];
  const names = rest.map(([name]) => `row.${sqlName(name)}`).join(', ');
  const values = rest.map(([, each], i) => `$${i + 8}::${each}`).join(', ');
  return `
    (${parents} and id >= $7::bigint order by id) as parent
    cross join lateral (
      select * from ${table.table} as row
      where row.${table.of === 'series' ? 'series_id' : 'workout_id'} = parent.id
        ${within('row', table)}
        and row.${sqlName(first)} >= case when parent.id = $7::bigint then $8::${type} else '${FIRST[type]}' end
        and (parent.id > $7::bigint or (${names}) > (${values}))
      order by ${names}
      limit $6::int
    ) as t`;
}

const FROM: Readonly<Record<ExportTable['of'], (table: ExportTable) => string>> = {
  person: ({ table }) => `${table} as t`,
  series: (table) => ofParents(table, 'select id from series where user_id = $1::uuid'),
  workouts: (table) =>
    ofParents(
      table,
      `select id from workouts
       where user_id = $1::uuid and started_at >= $2::timestamptz and started_at < $3::timestamptz`,
    ),
  goals: (table) => `
    ${table.table} as t
    join goals on goals.id = t.goal_id and goals.user_id = $1::uuid ${past('t', table)}`,
  uploads: (table) => `
    ${table.table} as t
    join ingestions on (ingestions.id, ingestions.received_at) = (t.ingestion_id, t.received_at)
      and ingestions.user_id = $1::uuid ${within('t', table)} ${within('ingestions', table)} ${past('t', table)}`,
};

export function toExportRow({ columns }: ExportTable, row: Row): ExportRow {
  const out: ExportRow = {};
  for (const { name, kind } of columns) out[name] = plainValue(kind, row[name]);
  return out;
}

function plainValue(kind: ColumnKind, value: unknown): ExportRow[string] {
  if (value === null || value === undefined) return null;
  if (kind === 'instant') return isoOf(Number(value));
  if (kind === 'number') return Number(value);
  if (kind === 'flag') return value === true || value === 't';
  return String(value);
}

/** With milliseconds; the clock of Postgres goes to microseconds. */
function isoOf(microseconds: number): string {
  const ms = Math.floor(microseconds / 1_000);
  const rest = microseconds - ms * 1_000;
  const text = new Date(ms).toISOString();
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

export const keyOf = ({ key }: ExportTable, row: ExportRow): (string | number)[] =>
  key.map(([name]) => row[name] as string | number);

/** The spans of the partitions of a table that meet `[from, to)`, oldest first: `from_at`, `to_at` as ISO texts. */
export const selectSpans = (table: string, { from, to }: Span): Statement => ({
  text: `
    select to_char(lower_bound at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as from_at,
      to_char(upper_bound at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as to_at
    from partition_report
    where table_name = $1 and upper_bound > $2::timestamptz and lower_bound < $3::timestamptz
    order by lower_bound`,
  params: [table, from, to],
});
