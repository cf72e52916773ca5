import { METRICS, type MetricName } from './metrics.ts';

/** What the parts of a day are made into: points, before they are written in the app's form. Pure. */

/** One point. */
export interface Reading {
  at: number;
  /** `null` where the app names no source. */
  source: string | null;
  /** The app's own keys without `date` and `source`, such as `qty` or `Min`. */
  fields: Readonly<Record<string, number | string | Date>>;
}

/** The points of each metric, in the order in which they were added. */
export type Readings = Map<MetricName, Reading[]>;

export function addReading(readings: Readings, metric: MetricName, reading: Reading): void {
  const known = readings.get(metric);
  if (known === undefined) readings.set(metric, [reading]);
  else known.push(reading);
}

/** Puts days one after the other and keeps what begins in `[from, to)`. */
export function joinReadings(days: Iterable<Readings>, from: number, to: number): Readings {
  const joined: Readings = new Map();
  for (const day of days) {
    for (const [metric, readings] of day) {
      for (const reading of readings) {
        if (reading.at >= from && reading.at < to) addReading(joined, metric, reading);
      }
    }
  }
  return joined;
}

/**
 * What the phone knows of a bucket of which only `share` is over: less of a sum, a narrower range. The same
 * bucket comes again, whole, with the next upload.
 */
export function partOf(metric: MetricName, reading: Reading, share: number): Reading {
  const { qty, Min, Avg, Max } = reading.fields;
  if (typeof qty === 'number' && METRICS[metric].adds) {
    return { ...reading, fields: { ...reading.fields, qty: Math.floor(qty * share * 100) / 100 } };
  }
  if (typeof Min !== 'number' || typeof Avg !== 'number' || typeof Max !== 'number') return reading;
  const narrowed = {
    Min: Math.ceil(Avg - (Avg - Min) * share),
    Max: Math.floor(Avg + (Max - Avg) * share),
  };
  return { ...reading, fields: { ...narrowed, Avg } };
}
