import type { Metric } from './kinds.ts';
import { ACTIVITY } from './metrics/activity.ts';
import { BODY } from './metrics/body.ts';
import { DAILY_LIFE } from './metrics/daily-life.ts';
import { HEART } from './metrics/heart.ts';
import { MOBILITY } from './metrics/mobility.ts';
import { NUTRITION } from './metrics/nutrition.ts';
import { ENVIRONMENT, HEARING, RESPIRATORY } from './metrics/surroundings.ts';
import { VITALS } from './metrics/vitals.ts';

/** The metrics that are known by name, and how a name on the wire finds its metric. Never an allow-list. Pure. */
export const METRICS: readonly Metric[] = [
  ...ACTIVITY,
  ...BODY,
  ...HEART,
  ...VITALS,
  ...RESPIRATORY,
  ...HEARING,
  ...ENVIRONMENT,
  ...MOBILITY,
  ...DAILY_LIFE,
  ...NUTRITION,
];

/**
 * Canonical names under which one half of a reading comes where blood pressure is sent split. They are no aliases:
 * a point of theirs is half a point of `blood_pressure`.
 */
export const SPLIT_PRESSURE: ReadonlyMap<string, 'systolic' | 'diastolic'> = new Map([
  ['blood_pressure_systolic', 'systolic'],
  ['blood_pressure_diastolic', 'diastolic'],
]);

const BY_NAME: ReadonlyMap<string, Metric> = new Map(
  METRICS.flatMap((metric) => [metric.name, ...metric.aliases].map((name) => [name, metric])),
);

/** The metric of this name or alias, in any of the spellings that {@link canonicalName} makes one. */
export const findMetric = (wireName: string): Metric | undefined =>
  BY_NAME.get(wireName) ?? BY_NAME.get(canonicalName(wireName));

/**
 * The app's own rule from display name to wire name: lower case, blanks and dashes to one `_`, no `+`, `&` and `:`.
 * Builds of 2021 left some of those in. Applying it again changes nothing; a name of nothing else becomes `''`.
 */
export const canonicalName = (wireName: string): string =>
  wireName
    .toWellFormed()
    .normalize('NFKC')
    .replace(/[+&:\p{Cf}]/gu, '')
    .toLowerCase()
    // What has gone may have stood between a letter and its accent.
    .normalize('NFKC')
    .replace(/[\s_\p{Cc}\p{Pd}]+/gu, '_')
    .replace(/^_|_$/g, '');
