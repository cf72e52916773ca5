import { z } from 'zod';
import { instantOf, type Row, type Statement } from '../database.ts';
import { nights } from './sleep-nights.ts';
import { textArray } from './text-array.ts';
import { iso, isoOrNull, numberOrNull, parameterOf } from './values.ts';

const hours = (what: string) => z.number().nullable().describe(`Hours ${what}`);

/** A night as it goes over the wire. */
export const nightSchema = z.object({
  id: z.string().meta({ example: '12-1772430030000' }),
  day: z.iso.date().describe('Local day of waking'),
  began_at: z.iso.datetime().nullable().describe('Falling asleep'),
  ended_at: z.iso.datetime().describe('Waking'),
  in_bed_from: z.iso.datetime().nullable(),
  in_bed_until: z.iso.datetime().nullable(),
  hours: z.object({
    total: z.number().describe('Hours asleep, in all stages'),
    core: hours('of core sleep'),
    deep: hours('of deep sleep'),
    rem: hours('of REM sleep'),
    asleep: hours('asleep in no particular stage; in old versions of the app all of them'),
    awake: hours('awake in between'),
    in_bed: hours('in bed'),
  }),
  efficiency: z.number().nullable().describe('Share of the time in bed that was sleep, 0 to 1'),
  latency_minutes: z
    .number()
    .nullable()
    .describe('From lying down to falling asleep; null where the app does not tell these apart'),
  source: z.string(),
  plausible: z.boolean().describe('False: more sleep than time between beginning and end'),
  is_nap: z.boolean().describe('Does not run beside the night that counts'),
  counts: z.boolean().describe('The one night of its day that counts among several sources'),
});

export type NightOnTheWire = z.infer<typeof nightSchema>;

/** Which nights, oldest first. Days are `yyyy-mm-dd`, both included; an instant is Unix milliseconds. */
export interface NightQuestion {
  userId: string;
  /** IANA zone in place of the person's own. */
  zone: string | null;
  from: string | null;
  to: string | null;
  /** As series name them. */
  sources: readonly string[] | null;
  /** The last one of the page before. */
  after: { at: number; seriesId: string } | null;
  limit: number;
}

/** A day that the app names is less than two days from the end of the night (hae/sections/sleep.ts). */
const SPAN = {
  low: `greatest(
      coalesce(($3::date - 4)::timestamptz, '-infinity'),
      coalesce($6::timestamptz - interval '5 days', '-infinity'))`,
  high: `coalesce(($4::date + 4)::timestamptz, 'infinity')`,
};

const PAGE = `
  with ${nights(SPAN)}
  select *, day::text as day
  from judged
  where day >= coalesce($3::date, '-infinity')
    and day <= coalesce($4::date, 'infinity')
    and ($5::text[] is null or source = any ($5::text[]))
    and (ended_at, series_id) > (coalesce($6::timestamptz, '-infinity'), $7::bigint)
  order by ended_at, series_id
  limit $8::int`;

export const selectNights = (question: NightQuestion): Statement => ({
  text: PAGE,
  params: [
    question.userId,
    question.zone,
    question.from,
    question.to,
    question.sources && textArray(question.sources),
    parameterOf(question.after?.at ?? null),
    question.after?.seriesId ?? '0',
    question.limit,
  ],
});

/** Where the next page begins after this row. */
export const positionOfNight = (row: Row) => ({
  at: instantOf(row.ended_at),
  id: String(row.series_id),
});

export function toNight(row: Row): NightOnTheWire {
  const number = (column: string) => roundedTo(4, numberOrNull(row[column]));
  return {
    id: `${row.series_id}-${instantOf(row.ended_at)}`,
    day: String(row.day),
    began_at: isoOrNull(row.began_at),
    ended_at: iso(row.ended_at),
    in_bed_from: isoOrNull(row.in_bed_from),
    in_bed_until: isoOrNull(row.in_bed_until),
    hours: {
      total: number('total') ?? 0,
      core: number('core'),
      deep: number('deep'),
      rem: number('rem'),
      asleep: number('asleep'),
      awake: number('awake'),
      in_bed: roundedTo(4, hoursInBed(row)),
    },
    efficiency: roundedTo(4, efficiencyOf(row)),
    latency_minutes: roundedTo(1, latencyOf(row)),
    source: String(row.display_name),
    plausible: row.plausible === true,
    is_nap: row.is_nap === true,
    counts: row.counts === true,
  };
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function roundedTo(digits: number, value: number | null): number | null {
  return value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits;
}

/** The app writes zero where a watch has told nothing of the bed; the times it lay there may be known all the same. */
function hoursInBed(row: Row): number | null {
  const said = numberOrNull(row.in_bed);
  if (said !== null && said > 0) return said;
  if (row.in_bed_from === null || row.in_bed_until === null) return said === 0 ? null : said;
  return (instantOf(row.in_bed_until) - instantOf(row.in_bed_from)) / HOUR_MS;
}

/** Hours are rounded here and there. */
const TOLERANCE = 0.02;

/** Of the hours in bed, else of the time from falling asleep to waking. */
function efficiencyOf(row: Row): number | null {
  const span =
    row.began_at === null ? null : (instantOf(row.ended_at) - instantOf(row.began_at)) / HOUR_MS;
  const base = hoursInBed(row) ?? span;
  if (base === null || base <= 0) return null;
  const share = Number(row.total) / base;
  return share >= 0 && share <= 1 + TOLERANCE ? Math.min(1, share) : null;
}

/** A watch that knows nothing of the bed has it begin with the sleep. */
function latencyOf(row: Row): number | null {
  if (row.began_at === null || row.in_bed_from === null) return null;
  const minutes = (instantOf(row.began_at) - instantOf(row.in_bed_from)) / MINUTE_MS;
  return minutes > 0 ? minutes : null;
}
