import { instantOf, type Row, type Statement } from '../database.ts';

/** Which samples: of one metric of one person, in `[from, to)`, oldest first. Instants are Unix milliseconds. */
export interface SampleQuestion {
  userId: string;
  metric: string;
  from: number | null;
  to: number | null;
  /** The last one of the page before. */
  after: { at: number; seriesId: string } | null;
  limit: number;
}

/** A sample as it goes over the wire. Blood pressure has its three numbers in place of one value. */
export interface SampleOnTheWire {
  recorded_at: string;
  ended_at: string | null;
  value?: number;
  min?: number | null;
  max?: number | null;
  systolic?: number | null;
  diastolic?: number | null;
  pulse?: number | null;
  unit: string;
  source: string;
  grouping: string;
  context: string | null;
}

const COLUMNS = {
  samples: 'row.value, row.min, row.max, row.ended_at',
  blood_pressure: 'row.systolic, row.diastolic, row.pulse, null::timestamptz as ended_at',
};

/** Each series gives the beginning of its page through its key; the pages are then merged. */
export function selectSamples(question: SampleQuestion): Statement {
  const table = question.metric === 'blood_pressure' ? 'blood_pressure' : 'samples';
  const iso = (instant: number | null) =>
    instant === null ? null : new Date(instant).toISOString();
  return {
    text: `
      select row.*, series.unit, series.display_name, series.grouping, series.context
      from series
      cross join lateral (
        select row.series_id, row.recorded_at, ${COLUMNS[table]}
        from ${table} as row
        where row.series_id = series.id
          and row.recorded_at >= coalesce($3::timestamptz, '-infinity')
          and row.recorded_at < coalesce($4::timestamptz, 'infinity')
          and row.recorded_at >= coalesce($5::timestamptz, '-infinity')
          and (row.recorded_at, row.series_id) > (coalesce($5::timestamptz, '-infinity'), $6::bigint)
        order by row.recorded_at
        limit $7::int
      ) as row
      where series.user_id = $1::uuid and series.metric = $2
      order by row.recorded_at, row.series_id
      limit $7::int`,
    params: [
      question.userId,
      question.metric,
      iso(question.from),
      iso(question.to),
      iso(question.after?.at ?? null),
      question.after?.seriesId ?? '0',
      question.limit,
    ],
  };
}

/** Where the next page begins after this row. */
export const positionOf = (row: Row) => ({
  at: instantOf(row.recorded_at),
  id: String(row.series_id),
});

export function toSample(row: Row): SampleOnTheWire {
  const numbers =
    'systolic' in row
      ? {
          systolic: toNumber(row.systolic),
          diastolic: toNumber(row.diastolic),
          pulse: toNumber(row.pulse),
        }
      : { value: Number(row.value), min: toNumber(row.min), max: toNumber(row.max) };
  return {
    recorded_at: new Date(instantOf(row.recorded_at)).toISOString(),
    ended_at: row.ended_at === null ? null : new Date(instantOf(row.ended_at)).toISOString(),
    ...numbers,
    unit: String(row.unit),
    source: String(row.display_name),
    grouping: String(row.grouping),
    context: row.context === '' ? null : String(row.context),
  };
}

const toNumber = (value: unknown): number | null => (value === null ? null : Number(value));
