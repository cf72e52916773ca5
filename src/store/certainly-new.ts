import type { Counts, Decoded, HealthEvent, SeriesRows, Workout } from '../model.ts';
import type { MissingMonths, PartitionedTable } from './partitions.ts';

/**
 * A row of a month that has no partition is not stored yet, whatever else is: a dry run counts it as new without writing
 * it, and makes no partition. Pure.
 */

/**
 * @param seen keys of the rows that earlier slices of the upload have counted as new. They grow.
 * @returns the slice without the rows that are certainly new, which its counts hold as inserted.
 */
export function apartFromNew(decoded: Decoded, missing: MissingMonths, seen: Set<string>): Decoded {
  if (missing.size === 0) return decoded;
  const counts = new Map([...decoded.counts].map(([name, each]) => [name, { ...each }] as const));
  const news = new News(missing, counts, seen);
  return {
    ...decoded,
    counts,
    samples: news.without('samples', decoded.samples, ({ recordedAt }) => [recordedAt]),
    pressures: news.without('blood_pressure', decoded.pressures, ({ recordedAt }) => [recordedAt]),
    nights: news.without('sleep_nights', decoded.nights, ({ endedAt }) => [endedAt]),
    stages: news.without('sleep_stages', decoded.stages, ({ startedAt, stage }) => [
      startedAt,
      stage,
    ]),
    electrocardiograms: news.without(
      'ecg_recordings',
      decoded.electrocardiograms,
      ({ startedAt }) => [startedAt],
    ),
    workouts: decoded.workouts
      .filter((workout) => !news.isNew('workouts', workout.section, keyOfWorkout(workout)))
      .map((workout) => withinPartitions(workout, news)),
    events: decoded.events.filter((event) => !news.isNew('events', event.section, keyOf(event))),
  };
}

/** What a row is known by: its time in the partition key, then the rest. */
type RowKey = readonly [at: number, ...rest: string[]];

const keyOf = ({ startedAt, kind, key }: HealthEvent): RowKey => [startedAt, kind, key];
const keyOfWorkout = ({ startedAt, externalId }: Workout): RowKey => [startedAt, externalId];

/** What hangs on a workout counts with it. */
const withinPartitions = (workout: Workout, news: News): Workout => ({
  ...workout,
  route: news.isMissing('workout_routes', workout.startedAt) ? null : workout.route,
  series: workout.series.map((series) => ({
    ...series,
    rows: series.rows.filter(({ recordedAt }) => !news.isMissing('workout_samples', recordedAt)),
  })),
});

class News {
  readonly #missing: MissingMonths;
  readonly #counts: Map<string, Counts>;
  readonly #seen: Set<string>;

  constructor(missing: MissingMonths, counts: Map<string, Counts>, seen: Set<string>) {
    this.#missing = missing;
    this.#counts = counts;
    this.#seen = seen;
  }

  isMissing(table: PartitionedTable, at: number): boolean {
    return this.#missing.get(table)?.has(new Date(at).toISOString().slice(0, 7)) ?? false;
  }

  /** Counts a row that is: as inserted, or as unchanged if a slice before has brought it. */
  isNew(table: PartitionedTable, name: string, [at, ...rest]: RowKey): boolean {
    if (!this.isMissing(table, at)) return false;
    const key = [table, at, ...rest].join('\n');
    const counts = this.#counts.get(name);
    if (counts !== undefined) counts[this.#seen.has(key) ? 'unchanged' : 'inserted']++;
    this.#seen.add(key);
    return true;
  }

  without<T>(
    table: PartitionedTable,
    batches: readonly SeriesRows<T>[],
    keyOfRow: (row: T) => RowKey,
  ): SeriesRows<T>[] {
    if (!this.#missing.has(table)) return [...batches];
    return batches.flatMap((batch) => {
      const { metric, source, grouping, context, unit } = batch.series;
      const rows = batch.rows.filter((row) => {
        const [at, ...rest] = keyOfRow(row);
        return !this.isNew(table, metric, [at, ...rest, metric, source, grouping, context, unit]);
      });
      return rows.length === 0 ? [] : [{ ...batch, rows }];
    });
  }
}
