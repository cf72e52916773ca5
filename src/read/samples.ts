import { displayOf, type UnitChoice } from '../catalog/display.ts';
import { instantOf, type Row, type Statement } from '../database.ts';
import { boundsOf, type Span, spanParameters } from './span.ts';
import { textArray } from './text-array.ts';
import { iso, isoOrNull, numberOrNull } from './values.ts';

/** Which samples: of one metric of one person, in a span, oldest first. */
export interface SampleQuestion {
  userId: string;
  metric: string;
  span: Span;
  /** Only these; `null` for all. */
  sources: readonly string[] | null;
  groupings: readonly string[] | null;
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
  const { userId, metric, span, sources, groupings, after, limit } = question;
  return {
    text: `
      with ${boundsOf(false)}
      select row.*, (select units from bounds) as units, series.unit, series.display_name, series.grouping, series.context
      from series
      cross join lateral (
        select row.series_id, row.recorded_at, ${COLUMNS[table]}
        from ${table} as row
        where row.series_id = series.id
          and row.recorded_at >= coalesce($10::timestamptz, '-infinity')
          and row.recorded_at >= coalesce((select lower_at from bounds), '-infinity')
          and row.recorded_at < coalesce((select upper_at from bounds), 'infinity')
          and (row.recorded_at, row.series_id) > (coalesce($10::timestamptz, '-infinity'), $11::bigint)
        order by row.recorded_at
        limit $12::int
      ) as row
      where series.user_id = $1::uuid and series.metric = $7
        and ($8::text[] is null or series.source = any ($8::text[]))
        and ($9::text[] is null or series.grouping = any ($9::text[]))
      order by row.recorded_at, row.series_id
      limit $12::int`,
    params: [
      userId,
      ...spanParameters(span),
      metric,
      sources === null ? null : textArray(sources),
      groupings === null ? null : textArray(groupings),
      after === null ? null : new Date(after.at).toISOString(),
      after?.seriesId ?? '0',
      limit,
    ],
  };
}

/** Where the next page begins after this row. */
export const positionOf = (row: Row) => ({
  at: instantOf(row.recorded_at),
  id: String(row.series_id),
});

/** @param isCanonical whether values stay in the unit they are stored in, whatever the person prefers to see */
export function toSample(metric: string, row: Row, isCanonical: boolean): SampleOnTheWire {
  const display = displayOf(metric, String(row.unit), isCanonical ? {} : (row.units as UnitChoice));
  const shown = (value: unknown): number | null =>
    value === null ? null : display.value(Number(value));
  const numbers =
    'systolic' in row
      ? {
          systolic: shown(row.systolic),
          diastolic: shown(row.diastolic),
          pulse: numberOrNull(row.pulse),
        }
      : { value: display.value(Number(row.value)), min: shown(row.min), max: shown(row.max) };
  return {
    recorded_at: iso(row.recorded_at),
    ended_at: isoOrNull(row.ended_at),
    ...numbers,
    unit: display.unit,
    source: String(row.display_name),
    grouping: String(row.grouping),
    context: row.context === '' ? null : String(row.context),
  };
}
