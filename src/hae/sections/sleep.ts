import { z } from 'zod';
import type { Conversion } from '../../catalog/units.ts';
import { SLEEP_STAGES } from '../../catalog/words/sleep-stages.ts';
import type { Night, SeriesIdentity } from '../../model.ts';
import { dayIn } from '../calendar.ts';
import { isPlausible, parseDate } from '../dates.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { Item, type ItemPlace, SetAside } from '../item.ts';
import { numeric, source, text, type When, when } from '../wire.ts';

/** The points of `sleep_analysis`: nights of six generations of the app, and segments. Pure. */

const bounds = { startDate: when, start: when, endDate: when, end: when };
const common = {
  date: when,
  source,
  // Before app version 6.6.2, in place of `source`.
  sleepSource: source,
  inBedSource: source,
  qty: numeric,
  units: text,
  metadata: z.unknown().optional(),
};

export const segmentSchema = z.object({ ...common, ...bounds, value: text });

export const nightSchema = z.object({
  ...common,
  totalSleep: numeric,
  asleep: numeric,
  Asleep: numeric,
  core: numeric,
  deep: numeric,
  rem: numeric,
  awake: numeric,
  inBed: numeric,
  InBed: numeric,
  sleepStart: when,
  sleepEnd: when,
  inBedStart: when,
  inBedEnd: when,
});

const NIGHT_FIELDS = Object.keys(nightSchema.shape).filter((field) => !(field in common));

const isSegment = (item: object): boolean =>
  ('startDate' in item || 'start' in item) &&
  ('endDate' in item || 'end' in item || 'value' in item);

/** Whether the point is a night or a segment. Very old and hand-made points are plain quantities. */
export const isSleep = (item: unknown): boolean =>
  typeof item === 'object' &&
  item !== null &&
  (isSegment(item) || NIGHT_FIELDS.some((field) => field in item));

/** Hands the point to the collector. @throws SetAside */
export function decodeSleep(raw: unknown, place: ItemPlace, hours: Conversion): void {
  if (isSegment(Object(raw))) decodeSegment(new Item(raw, segmentSchema, place), hours);
  else decodeNight(new Item(raw, nightSchema, place), hours);
}

type SegmentItem = Item<typeof segmentSchema.shape>;
type NightItem = Item<typeof nightSchema.shape>;

const HOUR_MS = 3_600_000;

function decodeSegment(item: SegmentItem, { convert }: Conversion): void {
  const { fields, place } = item;
  const startedAt = item.moment(fields.startDate, fields.start);
  const length = item.number(fields.qty);
  const endedAt =
    item.optionalMoment(fields.endDate, fields.end) ??
    (length === null ? null : startedAt + convert(length) * HOUR_MS);
  if (endedAt === null) throw new SetAside('date_missing');
  if (!isPlausible(endedAt, place.context.receivedAt)) throw new SetAside('implausible_date');
  if (endedAt < startedAt) throw new SetAside('ends_before_start');

  const label = item.text(fields.value);
  const stage = label === '' ? 'asleep' : SLEEP_STAGES(label);
  if (stage === null) item.remark('stage_unknown');
  const series = seriesOf(item);
  place.collector.received(place.section);
  place.collector.stages.add(series, { startedAt, endedAt, stage: stage ?? label, label });
  item.countUnknownFields('metrics');
}

function decodeNight(item: NightItem, { convert }: Conversion): void {
  const { fields, place } = item;
  const hours = (...candidates: (typeof fields.core)[]): number | null => {
    const raw = candidates.find((each) => each !== undefined && each !== null);
    const number = item.number(raw);
    return number === null ? null : convert(number);
  };
  const inBedFrom = item.optionalMoment(fields.inBedStart);
  const inBedUntil = item.optionalMoment(fields.inBedEnd);
  const beganAt = item.optionalMoment(fields.sleepStart) ?? inBedFrom;
  const endedAt =
    item.optionalMoment(fields.sleepEnd) ?? inBedUntil ?? item.optionalMoment(fields.date);
  if (endedAt === null) throw new SetAside('date_missing');
  if (beganAt !== null && beganAt > endedAt) throw new SetAside('ends_before_start');

  const spans = {
    asleep: hours(fields.asleep, fields.Asleep),
    core: hours(fields.core),
    deep: hours(fields.deep),
    rem: hours(fields.rem),
    awake: hours(fields.awake),
    inBed: hours(fields.inBed, fields.InBed),
  };
  const total = hours(fields.totalSleep) ?? totalOf(spans);
  if (isEmpty(total, spans, inBedFrom, inBedUntil)) throw new SetAside('night_empty');
  const fits = total >= 0 && total * HOUR_MS <= longest(beganAt, endedAt);
  if (!fits) item.remark('night_implausible');

  const day = localDay(fields.date ?? fields.sleepEnd ?? fields.inBedEnd, endedAt, item);
  const night = {
    endedAt,
    beganAt,
    inBedFrom,
    inBedUntil,
    day,
    total,
    ...spans,
    isPlausible: fits,
  };
  const series = seriesOf(item);
  place.collector.received(place.section);
  place.collector.nights.add(series, { ...night, fingerprint: fingerprintOf(night) });
  item.countUnknownFields('metrics');
}

/** Builds before 6.6.2 have no total: `asleep` was it. Later ones have stages, and sleep in none of them apart. */
const totalOf = ({ asleep, core, deep, rem }: Pick<Night, 'asleep' | 'core' | 'deep' | 'rem'>) =>
  (asleep ?? 0) + (core ?? 0) + (deep ?? 0) + (rem ?? 0);

const isEmpty = (
  total: number,
  { awake, inBed }: Pick<Night, 'awake' | 'inBed'>,
  from: number | null,
  until: number | null,
): boolean => total === 0 && !awake && !inBed && !(from !== null && until !== null && until > from);

/** Sums of rounded spans may be some seconds longer than the night. */
const TOLERANCE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

const longest = (beganAt: number | null, endedAt: number): number =>
  (beganAt === null ? DAY_MS : endedAt - beganAt) + TOLERANCE_MS;

function seriesOf(item: SegmentItem | NightItem): SeriesIdentity {
  const { source: named, sleepSource, inBedSource } = item.fields;
  return item.series('sleep_analysis', 'hr', named ?? sleepSource ?? inBedSource);
}

/** The day that the text names, by the phone's own clock. Midnight in UTC says nothing about that. */
function localDay(date: When, endedAt: number, { place }: NightItem): string {
  const { timeZone } = place.context;
  const read = typeof date === 'string' && !/z$/i.test(date) ? parseDate(date, timeZone) : null;
  const isNear = read?.ok === true && Math.abs(read.at - endedAt) < 2 * DAY_MS;
  return isNear ? String(date).trim().slice(0, 'yyyy-mm-dd'.length) : dayIn(timeZone, endedAt);
}
