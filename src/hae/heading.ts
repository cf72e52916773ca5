import { canonicalName, findMetric, SPLIT_PRESSURE } from '../catalog/metrics.ts';
import { type Conversion, converter } from '../catalog/units.ts';
import type { Grouping, IssueCode } from '../model.ts';
import { cleanText } from './sources.ts';

/** A metric as its points need it. */
export interface Heading {
  metric: string;
  grouping: Grouping;
  /** Of points that bring none of their own; `''` for none. */
  context: string;
  conversion: Conversion;
  /** The values are kept as they came, under a unit that this metric should not have. */
  unitUnknown: boolean;
  /** The values are added up, and none can be below zero. */
  isSum: boolean;
  /** The app writes 0 where it has no value. */
  zeroMeansNone: boolean;
  /** Which half of a blood pressure reading the points are, where they come split. */
  half: 'systolic' | 'diastolic' | null;
}

/**
 * Longer texts are set aside: nothing that the app is known to send comes near. At three bytes a character they
 * still fit, with source and context, the 2,704 bytes that an index row of Postgres may have.
 */
const MAX_NAME = 200;
const MAX_UNIT = 50;

/** Nobody who measures has a pulse of zero. */
const NEVER_ZERO: ReadonlySet<string> = new Set([
  'heart_rate',
  'resting_heart_rate',
  'walking_heart_rate_average',
]);

export function readHeading(
  name: unknown,
  units: unknown,
  grouping: Grouping,
  context = '',
): Heading | IssueCode {
  const wireName = typeof name === 'string' ? cleanText(name) : '';
  const unit = typeof units === 'string' ? cleanText(units) : '';
  const canonical = canonicalName(wireName);
  if (canonical === '') return 'name_missing';
  if (canonical.length > MAX_NAME || unit.length > MAX_UNIT) return 'text_too_long';

  const half = SPLIT_PRESSURE.get(canonical) ?? null;
  const known = findMetric(half === null ? wireName : 'blood_pressure');
  const conversion = known && converter(unit, known);
  const metric = known?.name ?? canonical;
  return {
    metric,
    grouping,
    context,
    conversion: conversion ?? { unit, convert: (value) => value },
    unitUnknown: known !== undefined && conversion === undefined,
    isSum: known?.kind === 'sum',
    zeroMeansNone: NEVER_ZERO.has(metric),
    half,
  };
}
