import { z } from 'zod';
import { METRICS } from '../catalog/metrics.ts';
import { dayIn } from '../hae/calendar.ts';
import { answer } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { type Aggregate, aggregateDays, toAggregate } from '../read/aggregate.ts';
import { type NightOnTheWire, nightSchema, selectNights, toNight } from '../read/sleep.ts';
import { countRecords, type RecordCount, toRecordCount } from '../read/summary.ts';
import { day } from './day.ts';
import { unitsQuery } from './display-units.ts';
import { zoneParameter } from './selection.ts';

/** What a day is held against. */
const DAYS_BEFORE = 30;
const DAY_MS = 86_400_000;
/** A dozen sources with a night and two naps a day each. */
const MOST_NIGHTS = 1_200;

const against = {
  mean: z.number().nullable().describe(`Of the days with data among the ${DAYS_BEFORE} before`),
  days: z.int().describe('How many of them there are'),
  change_percent: z.number().nullable().describe('The day against the mean'),
};

const summary = z.object({
  day: z.iso.date(),
  metrics: z.array(
    z.object({
      metric: z.string(),
      title: z.string(),
      category: z.string(),
      agg: z.enum(['sum', 'avg']),
      value: z.number().nullable(),
      unit: z.string(),
      ...against,
    }),
  ),
  sleep: z.object({
    night: nightSchema
      .nullable()
      .describe('The night that counts, of which this is the day of waking'),
    naps: z.int(),
    hours: z.number().nullable(),
    ...against,
  }),
  workouts: z.object({
    count: z.int(),
    minutes: z.number(),
    mean: z.number().describe(`Minutes a day, over all ${DAYS_BEFORE} days before`),
  }),
  records: z.array(
    z.object({
      kind: z.string().describe('`ecg`, or a kind of event'),
      count: z.int(),
      mean: z.number().describe(`A day, over all ${DAYS_BEFORE} days before`),
    }),
  ),
});

export const showSummary = operation({
  method: 'GET',
  path: '/api/v1/summary',
  summary: `One day, all that there is of it, against the ${DAYS_BEFORE} days before.`,
  scope: 'read',
  quota: 'reads',
  query: z.object({
    date: day.optional().describe('Without it, today'),
    tz: zoneParameter,
    ...unitsQuery,
  }),
  answer: summary,
  handler: async (c, { query: { date, tz, units } }) => {
    const { userId, timeZone } = c.get('identity');
    const today = date ?? dayIn(tz ?? timeZone, Date.now());
    const first = new Date(Date.parse(today) - DAYS_BEFORE * DAY_MS).toISOString().slice(0, 10);
    const zone = tz ?? null;
    const span = { from: { day: first }, to: { day: today }, zone };
    const database = c.get('database');
    const [numbers, nights, records] = await Promise.all([
      database.queryAs(userId, aggregateDays({ ...ALL, userId, span })),
      database.queryAs(userId, selectNights({ ...EVERY, userId, zone, from: first, to: today })),
      database.queryAs(userId, countRecords(userId, span)),
    ]);
    const totals = numbers.map((row) => toAggregate(row, null, units === 'canonical'));
    return answer(c, {
      day: today,
      metrics: metricsOf(today, totals),
      sleep: sleepOf(today, nights.map(toNight)),
      ...recordsOf(records.map(toRecordCount)),
    });
  },
});

const ALL = {
  metrics: METRICS.map(({ name }) => name),
  bucket: 'day',
  aggregation: null,
  sources: null,
  groupings: null,
  fills: false,
} as const;

const EVERY = { sources: null, after: null, limit: MOST_NIGHTS } as const;

/** Every metric of the catalogue that there is something of, in its order. */
function metricsOf(today: string, totals: readonly Aggregate[]) {
  const found = Map.groupBy(totals, ({ metric }) => metric);
  return METRICS.flatMap(({ name, title, category, kind }) => {
    const days = found.get(name) ?? [];
    const [unit] = days.map((each) => each.unit);
    if (unit === undefined) return [];
    const value = days.find((each) => each.day === today)?.value ?? null;
    const before = days.flatMap((each) =>
      each.day === today || each.value === null ? [] : [each.value],
    );
    const agg = kind === 'sum' ? 'sum' : 'avg';
    return [{ metric: name, title, category, agg, value, unit, ...heldAgainst(value, before) }];
  });
}

function sleepOf(today: string, nights: readonly NightOnTheWire[]) {
  const counting = nights.filter(({ counts }) => counts);
  const night = counting.find((each) => each.day === today) ?? null;
  const before = counting.filter((each) => each.day !== today).map(({ hours }) => hours.total);
  const hours = night?.hours.total ?? null;
  const naps = nights.filter((each) => each.day === today && each.is_nap).length;
  return { night, naps, hours, ...heldAgainst(hours, before) };
}

function recordsOf(counts: readonly RecordCount[]) {
  const workouts = counts.find(({ kind }) => kind === 'workout');
  return {
    workouts: {
      count: workouts?.today ?? 0,
      minutes: rounded((workouts?.secondsToday ?? 0) / 60),
      mean: rounded((workouts?.secondsBefore ?? 0) / 60 / DAYS_BEFORE),
    },
    records: counts
      .filter(({ kind }) => kind !== 'workout')
      .map(({ kind, today, before }) => ({
        kind,
        count: today,
        mean: rounded(before / DAYS_BEFORE),
      })),
  };
}

function heldAgainst(value: number | null, before: readonly number[]) {
  if (before.length === 0) return { mean: null, days: 0, change_percent: null };
  const mean = before.reduce((sum, each) => sum + each, 0) / before.length;
  const hasChange = value !== null && mean !== 0;
  return {
    mean: rounded(mean),
    days: before.length,
    change_percent: hasChange ? rounded((100 * (value - mean)) / Math.abs(mean)) : null,
  };
}

const rounded = (value: number): number => Number(value.toPrecision(6));
