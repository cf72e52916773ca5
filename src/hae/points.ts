import { z } from 'zod';
import type { IssueCode } from '../model.ts';
import { finite, numeric, source, text, when } from './wire.ts';

/** The shapes a point of `data.metrics[].data[]` may have. Every metric may come in every shape. Pure. */

const common = {
  date: when,
  start: when,
  startDate: when,
  end: when,
  endDate: when,
  source,
  mealTime: text,
  reason: text,
  context: text,
  value: z.unknown().optional(),
};

export const quantityPoint = z.object({ ...common, qty: numeric });
export const rangePoint = z.object({
  ...common,
  Min: numeric,
  Avg: numeric,
  Max: numeric,
  min: numeric,
  avg: numeric,
  max: numeric,
});
export const pressurePoint = z.object({
  ...common,
  systolic: numeric,
  diastolic: numeric,
  pulse: numeric,
});

/** Fields that a point may have in one shape or another; some never read, but known to be sent. */
export const POINT_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(quantityPoint.shape),
  ...Object.keys(rangePoint.shape),
  ...Object.keys(pressurePoint.shape),
  'units',
  'metadata',
  'sum',
]);

type Common = z.infer<z.ZodObject<typeof common>>;

interface Framed {
  date: string | number | null;
  end: string | number | null;
  source: unknown;
  context: string;
}

/** A point whose shape is known and whose numbers are finite. Its dates, source and unit are still to be read. */
export type Reading = Framed &
  (
    | { shape: 'quantity'; value: number }
    | { shape: 'range'; value: number; min: number; max: number; averageMissing: boolean }
    | { shape: 'pressure'; systolic: number | null; diastolic: number | null; pulse: number | null }
  );

/** Reads one point, or says what is wrong with it. */
export function readPoint(item: unknown): Reading | IssueCode {
  if (typeof item !== 'object' || item === null) return 'unrecognised_shape';
  if ('systolic' in item || 'diastolic' in item) return readPressure(item);
  if ('Avg' in item || 'Min' in item || 'Max' in item) return readRange(item);
  if ('avg' in item || 'min' in item || 'max' in item) return readRange(item);
  if ('qty' in item) return readQuantity(item);
  return 'unrecognised_shape';
}

function readQuantity(item: object): Reading | IssueCode {
  const point = quantityPoint.safeParse(item);
  if (!point.success) return 'unrecognised_shape';
  const value = finite(point.data.qty);
  if (typeof value === 'string') return value;
  return { shape: 'quantity', value, ...framed(point.data) };
}

function readRange(item: object): Reading | IssueCode {
  const point = rangePoint.safeParse(item);
  if (!point.success) return 'unrecognised_shape';
  const min = finite(point.data.Min ?? point.data.min);
  const max = finite(point.data.Max ?? point.data.max);
  const average = finite(point.data.Avg ?? point.data.avg);
  if (min === 'value_not_finite' || max === 'value_not_finite') return 'value_not_finite';
  if (average === 'value_not_finite') return 'value_not_finite';
  if (typeof average === 'number') {
    // Some fixtures carry an average alone: its range is itself.
    const ends = {
      min: typeof min === 'number' ? min : average,
      max: typeof max === 'number' ? max : average,
    };
    return {
      shape: 'range',
      value: average,
      ...ends,
      averageMissing: false,
      ...framed(point.data),
    };
  }
  if (typeof min === 'string' || typeof max === 'string') return 'value_missing';
  return {
    shape: 'range',
    value: (min + max) / 2,
    min,
    max,
    averageMissing: true,
    ...framed(point.data),
  };
}

function readPressure(item: object): Reading | IssueCode {
  const point = pressurePoint.safeParse(item);
  if (!point.success) return 'unrecognised_shape';
  const systolic = finite(point.data.systolic);
  const diastolic = finite(point.data.diastolic);
  const pulse = finite(point.data.pulse);
  if ([systolic, diastolic, pulse].includes('value_not_finite')) return 'value_not_finite';
  if (typeof systolic === 'string' && typeof diastolic === 'string') return 'value_missing';
  return {
    shape: 'pressure',
    systolic: typeof systolic === 'number' ? systolic : null,
    diastolic: typeof diastolic === 'number' ? diastolic : null,
    pulse: typeof pulse === 'number' ? pulse : null,
    ...framed(point.data),
  };
}

function framed(point: Common): Framed {
  return {
    date: point.date ?? point.start ?? point.startDate ?? null,
    end: point.end ?? point.endDate ?? null,
    source: point.source,
    context: contextOf(point),
  };
}

/** What else tells two points of one moment apart: a glucose value's meal time, an insulin dose's reason. */
function contextOf(point: Common): string {
  const value = typeof point.value === 'string' ? point.value : null;
  const context = point.mealTime ?? point.reason ?? point.context ?? value ?? '';
  return context === 'Unspecified' ? '' : context;
}
