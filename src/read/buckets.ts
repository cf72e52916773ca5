/** The stretches of time that numbers are put into, and what is made of the numbers of one. */

export const BUCKETS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type Bucket = (typeof BUCKETS)[number];

export const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count', 'last', 'p50', 'p95'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

const DAY_MS = 86_400_000;

/** How long each is at least: to tell how many a span has, and how far back a question goes that does not say. */
export const SHORTEST_MS: Readonly<Record<Bucket, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 23 * 3_600_000,
  week: 7 * DAY_MS - 3_600_000,
  month: 28 * DAY_MS - 3_600_000,
  year: 365 * DAY_MS - 3_600_000,
};

export const isShorterThanDay = (bucket: Bucket): bucket is 'minute' | 'hour' =>
  bucket === 'minute' || bucket === 'hour';

/** SQL of the first day of the bucket that `day` is in. A week begins as the person says. */
export function firstDayOf(bucket: Exclude<Bucket, 'minute' | 'hour'>, day: string): string {
  if (bucket === 'day') return day;
  if (bucket === 'week') {
    return `(${day} - (extract(isodow from ${day})::int - week_start + 7) % 7)`;
  }
  return `date_trunc('${bucket}', ${day}::timestamp)::date`;
}

/** SQL of the instant at which the bucket of an instant begins. Clocks show full hours of their own in some zones. */
export const beginningOf = (bucket: 'minute' | 'hour', at: string): string =>
  bucket === 'minute' ? `date_bin('1 minute', ${at}, 'epoch')` : `date_trunc('hour', ${at}, zone)`;
