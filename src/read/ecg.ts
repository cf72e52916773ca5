import { z } from 'zod';
import { instantOf, type Row, type Statement } from '../database.ts';
import type { Json } from '../model.ts';
import { iso, isoOrNull, numberOrNull, parameterOf, textOrNull } from './values.ts';

/** A recording as a flat row, without its voltages. */
export const ecgRowSchema = z.object({
  id: z.string().meta({ example: '31-1772478000000' }),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  classification: z.string().nullable().describe('As the app wrote it'),
  class: z.string().nullable().describe('What that means, where it is known'),
  average_heart_rate: z.number().nullable().describe('Beats a minute'),
  sampling_frequency: z.number().nullable().describe('Hz'),
  announced: z.number().nullable().describe('How many voltages the app said there are'),
  points: z.int().describe('How many there were'),
  source: z.string(),
});

export const ecgSchema = ecgRowSchema.extend({
  attributes: z.record(z.string(), z.unknown()).describe('All else, as the app sent it'),
  voltages: z.array(z.number()).describe('Microvolt, evenly spaced from the start on'),
});

type EcgRow = z.infer<typeof ecgRowSchema>;
type Ecg = z.infer<typeof ecgSchema>;

/** What a recording is known by, apart from the person: its series, and its start in Unix milliseconds. */
export const ecgId = z
  .string()
  .regex(/^\d{1,18}-\d{1,14}$/, 'An id of an electrocardiogram, as the list has it')
  .meta({ example: '31-1772478000000' });

/** Which recordings: those that began in `[from, to)`, oldest first. Instants are Unix milliseconds. */
export interface EcgQuestion {
  userId: string;
  from: number | null;
  to: number | null;
  /** The last one of the page before. */
  after: { at: number; seriesId: string } | null;
  limit: number;
}

const COLUMNS = `series_id, started_at, ended_at, classification, class, average_heart_rate,
    sampling_frequency, announced, points, display_name`;

const PAGE = `
  select ${COLUMNS}
  from series
  join ecg_recordings on ecg_recordings.series_id = series.id
  where series.user_id = $1::uuid and series.metric = 'ecg'
    and started_at >= coalesce($2::timestamptz, '-infinity')
    and started_at < coalesce($3::timestamptz, 'infinity')
    and started_at >= coalesce($4::timestamptz, '-infinity')
    and (started_at, series_id) > (coalesce($4::timestamptz, '-infinity'), $5::bigint)
  order by started_at, series_id
  limit $6::int`;

export const selectEcgs = ({ userId, from, to, after, limit }: EcgQuestion): Statement => ({
  text: PAGE,
  params: [
    userId,
    parameterOf(from),
    parameterOf(to),
    parameterOf(after?.at ?? null),
    after?.seriesId ?? '0',
    limit,
  ],
});

const ONE = `
  select ${COLUMNS}, attributes, to_jsonb(voltages) as voltages
  from series
  join ecg_recordings on ecg_recordings.series_id = series.id
  where series.user_id = $1::uuid and series.id = $2::bigint and started_at = $3::timestamptz`;

/** @param id as `ecgId` takes it */
export function selectEcg(userId: string, id: string): Statement {
  const [seriesId = '0', startedAt = '0'] = id.split('-');
  return { text: ONE, params: [userId, seriesId, parameterOf(Number(startedAt))] };
}

/** Where the next page begins after this row. */
export const positionOfEcg = (row: Row) => ({
  at: instantOf(row.started_at),
  id: String(row.series_id),
});

export const toEcgRow = (row: Row): EcgRow => ({
  id: `${row.series_id}-${instantOf(row.started_at)}`,
  started_at: iso(row.started_at),
  ended_at: isoOrNull(row.ended_at),
  classification: textOrNull(row.classification),
  class: textOrNull(row.class),
  average_heart_rate: numberOrNull(row.average_heart_rate),
  sampling_frequency: numberOrNull(row.sampling_frequency),
  announced: numberOrNull(row.announced),
  points: Number(row.points),
  source: String(row.display_name),
});

export const toEcg = (row: Row): Ecg => ({
  ...toEcgRow(row),
  attributes: row.attributes as Record<string, Json>,
  voltages: row.voltages as number[],
});

/** The waveform as rows. Nothing tells the time of a voltage where the frequency is not known. */
export const toVoltageRows = ({ voltages, sampling_frequency }: Ecg) =>
  voltages.map((microvolt, i) => ({
    offset_ms: sampling_frequency ? Math.round((i * 1e6) / sampling_frequency) / 1e3 : null,
    microvolt,
  }));
