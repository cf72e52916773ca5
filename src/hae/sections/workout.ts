import { z } from 'zod';
import { WORKOUT_ACTIVITIES } from '../../catalog/words/workout-activities.ts';
import { SUMMARY_COLUMNS, SUMMARY_WORDS, WORKOUT_SERIES } from '../../catalog/workout-summary.ts';
import type { Json, Route, Workout, WorkoutSeries } from '../../model.ts';
import { escapePointer } from '../cut.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { Item, type ItemPlace } from '../item.ts';
import { cleanJson } from '../json.ts';
import { cleanText } from '../sources.ts';
import { flag, quantity, source, span, text } from '../wire.ts';
import { readRoute } from './route.ts';
import { WorkoutSeriesReader } from './workout-series.ts';
import { readSummary } from './workout-summary.ts';

/** An array of points in version 2, a sum in version 1. */
const seriesOrSum = z.union([z.array(z.unknown()), quantity]);

export const workoutSchema = z.object({
  id: text,
  name: text,
  workoutActivityType: text,
  ...span,
  location: text,
  isIndoor: flag,
  strokeStyle: text,
  salinity: text,
  source,
  metadata: z.unknown().optional(),
  heartRate: z.looseObject({ min: quantity, avg: quantity, max: quantity }).nullish(),
  elevation: z.looseObject({ ascent: quantity, descent: quantity, units: text }).nullish(),
  route: z.array(z.unknown()).nullish(),
  ...Object.fromEntries(
    [...SUMMARY_COLUMNS.flatMap(({ fields }) => fields), ...Object.keys(WORKOUT_SERIES)]
      .filter((field) => !field.includes('.'))
      .map((field) => [field, field in WORKOUT_SERIES ? seriesOrSum : quantity]),
  ),
});

type WorkoutItem = Item<typeof workoutSchema.shape>;

/** Hands an element of `workouts` to the collector. @throws SetAside */
export function decodeWorkout(raw: unknown, place: ItemPlace): void {
  const item = new Item(raw, workoutSchema, place);
  const { fields } = item;
  const { startedAt, endedAt } = item.span(fields);
  const name = item.text(fields.name ?? fields.workoutActivityType);
  const id = item.text(fields.id).toUpperCase();

  const { summary, used } = readSummary(item);
  const said = {
    externalId: id || externalIdOf(name, startedAt, endedAt),
    startedAt,
    endedAt,
    name,
    activity: WORKOUT_ACTIVITIES(name),
    version: id !== '' || 'duration_s' in summary ? (2 as const) : (1 as const),
    source: item.source(fields.source).displayName,
    summary: { ...summary, ...wordsOf(item) },
    attributes: attributesOf(raw, used),
  };
  const workout: Workout = {
    section: 'workouts',
    ...said,
    fingerprint: fingerprintOf(said),
    series: seriesIn(item, raw),
    route: routeIn(item),
  };
  place.collector.received(place.section);
  place.collector.workouts.add(workout);
  item.countUnknownFields(place.section);
}

/** Version 1 and the CSV export have no id. */
const externalIdOf = (name: string, startedAt: number, endedAt: number | null): string =>
  [name, startedAt, ...(endedAt === null ? [] : [endedAt])]
    .map((part) => (typeof part === 'number' ? new Date(part).toISOString() : part))
    .join(' ');

function wordsOf(item: WorkoutItem): Record<string, string | boolean> {
  const words = SUMMARY_WORDS.map(
    ({ column, field }) => [column, item.text(item.fields[field])] as const,
  ).filter(([, word]) => word !== '');
  const { isIndoor } = item.fields;
  return { ...Object.fromEntries(words), ...(isIndoor == null ? {} : { is_indoor: isIndoor }) };
}

/** A list of points, as far as one can tell without knowing its name. */
const isPoints = (value: unknown): value is unknown[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((point) => typeof point === 'object' && point !== null && 'date' in point);

/** Fields that have a place of their own. */
const PLACED: ReadonlySet<string> = new Set([
  'id',
  'name',
  'workoutActivityType',
  ...Object.keys(span),
  'source',
  'isIndoor',
  ...SUMMARY_WORDS.map(({ field }) => field),
  'route',
]);

const isNothing = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** All else, as the app sent it: unknown fields, metadata, and quantities whose unit is not to be trusted. */
const attributesOf = (raw: unknown, used: ReadonlySet<string>): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(Object(raw))
      .filter(([field, value]) => !PLACED.has(field) && !used.has(field) && !isNothing(value))
      .filter(([field, value]) => !isSeries(field, value))
      .map(([field, value]) => [cleanText(field), cleanJson(value)]),
  );

/** A known series, or what looks like one. */
const isSeries = (field: string, value: unknown): value is unknown[] =>
  Array.isArray(value) &&
  (Object.hasOwn(WORKOUT_SERIES, field) ||
    (!Object.hasOwn(workoutSchema.shape, field) && isPoints(value)));

function seriesIn({ place }: WorkoutItem, raw: unknown): WorkoutSeries[] {
  const reader = new WorkoutSeriesReader();
  for (const [field, value] of Object.entries(Object(raw))) {
    if (!isSeries(field, value)) continue;
    const known = Object.hasOwn(WORKOUT_SERIES, field) ? WORKOUT_SERIES[field] : undefined;
    const pointer = `${place.pointer}/${escapePointer(field)}`;
    reader.read(known ?? { metric: snakeCase(field), context: '' }, value, { ...place, pointer });
  }
  return reader.finish();
}

const snakeCase = (field: string): string => field.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_');

function routeIn({ fields: { route }, place }: WorkoutItem): Route | null {
  if (!route || route.length === 0) return null;
  return readRoute(route, { ...place, pointer: `${place.pointer}/route` });
}
