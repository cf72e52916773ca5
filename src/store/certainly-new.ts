import type {
  BloodPressure,
  Counts,
  Decoded,
  Electrocardiogram,
  HealthEvent,
  Night,
  Sample,
  SeriesRows,
  SleepStage,
  Workout,
} from '../model.ts';
import type { MissingMonths, PartitionedTable } from './partitions.ts';

/**
 * A row of a month that has no partition is not stored yet, whatever else is: a dry run counts it as new without writing
 * it, and makes no partition. One that is found by its id wherever it starts is looked up before (stored-starts.ts). Pure.
 */

/** What becomes of two rows for the same thing in one upload: `hae/settle.ts`. */
interface Rule<T> {
  join(a: T, b: T): T;
}

export interface Rules {
  samples: Rule<Sample>;
  pressures: Rule<BloodPressure>;
  nights: Rule<Night>;
  stages: Rule<SleepStage>;
  electrocardiograms: Rule<Electrocardiogram>;
  workouts: Rule<Workout>;
  events: Rule<HealthEvent>;
}

/** Rows of one table that the slices so far have counted as new, as they stand by now. */
class Seen<T> {
  readonly #rule: Rule<T>;
  readonly #rows = new Map<string, T>();

  constructor(rule: Rule<T>) {
    this.#rule = rule;
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  /** @returns what a load of the row would count it as. */
  add(key: string, row: T): 'inserted' | 'updated' | 'unchanged' {
    const known = this.#rows.get(key);
    const stands = known === undefined ? row : this.#rule.join(known, row);
    this.#rows.set(key, stands);
    if (known === undefined) return 'inserted';
    return JSON.stringify(stands) === JSON.stringify(known) ? 'unchanged' : 'updated';
  }
}

export const nothingSeen = (rules: Rules) => ({
  samples: new Seen(rules.samples),
  pressures: new Seen(rules.pressures),
  nights: new Seen(rules.nights),
  stages: new Seen(rules.stages),
  electrocardiograms: new Seen(rules.electrocardiograms),
  workouts: new Seen(rules.workouts),
  events: new Seen(rules.events),
});

/**
 * @param seen what earlier slices of the upload have counted as new. It grows.
 * @returns the slice without the rows that are certainly new, which its counts hold as inserted.
 */
export function apartFromNew(
  decoded: Decoded,
  missing: MissingMonths,
  seen: ReturnType<typeof nothingSeen>,
): Decoded {
  if (missing.size === 0) return decoded;
  const counts = new Map([...decoded.counts].map(([name, each]) => [name, { ...each }] as const));
  const news = new News(missing, counts);
  return {
    ...decoded,
    counts,
    samples: news.without(decoded.samples, {
      table: 'samples',
      seen: seen.samples,
      keyOf: ({ recordedAt }) => [recordedAt],
    }),
    pressures: news.without(decoded.pressures, {
      table: 'blood_pressure',
      seen: seen.pressures,
      keyOf: ({ recordedAt }) => [recordedAt],
    }),
    nights: news.without(decoded.nights, {
      table: 'sleep_nights',
      seen: seen.nights,
      keyOf: ({ endedAt }) => [endedAt],
    }),
    stages: news.without(decoded.stages, {
      table: 'sleep_stages',
      seen: seen.stages,
      keyOf: ({ startedAt, stage }) => [startedAt, stage],
    }),
    electrocardiograms: news.without(decoded.electrocardiograms, {
      table: 'ecg_recordings',
      seen: seen.electrocardiograms,
      keyOf: ({ startedAt }) => [startedAt],
    }),
    workouts: decoded.workouts
      .filter((workout) => {
        const { section: name, startedAt: at, externalId: key } = workout;
        return !news.isNew(workout, { table: 'workouts', seen: seen.workouts, name, at, key });
      })
      .map((workout) => withinPartitions(workout, news)),
    events: decoded.events.filter((event) => {
      const { section: name, startedAt: at } = event;
      return !news.isNew(event, {
        table: 'events',
        seen: seen.events,
        name,
        at,
        key: keyOf(event),
      });
    }),
  };
}

/** What a row is known by: its time in the partition key, then the rest. */
type RowKey = readonly [at: number, ...rest: string[]];

const keyOf = ({ kind, key, keyIsUnique, startedAt }: HealthEvent): string =>
  [kind, key, ...(keyIsUnique ? [] : [startedAt])].join('\n');

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

  constructor(missing: MissingMonths, counts: Map<string, Counts>) {
    this.#missing = missing;
    this.#counts = counts;
  }

  isMissing(table: PartitionedTable, at: number): boolean {
    return this.#missing.get(table)?.has(new Date(at).toISOString().slice(0, 7)) ?? false;
  }

  /** Counts a row that is, or that a slice before has brought. */
  isNew<T>(
    row: T,
    {
      table,
      seen,
      name,
      at,
      key,
    }: { table: PartitionedTable; seen: Seen<T>; name: string; at: number; key: string },
  ): boolean {
    if (!this.isMissing(table, at) && !seen.has(key)) return false;
    const outcome = seen.add(key, row);
    const counts = this.#counts.get(name);
    if (counts !== undefined) counts[outcome]++;
    return true;
  }

  without<T>(
    batches: readonly SeriesRows<T>[],
    { table, seen, keyOf }: { table: PartitionedTable; seen: Seen<T>; keyOf: (row: T) => RowKey },
  ): SeriesRows<T>[] {
    if (!this.#missing.has(table)) return [...batches];
    return batches.flatMap((batch) => {
      const { metric, source, grouping, context, unit } = batch.series;
      const rows = batch.rows.filter((row) => {
        const [at, ...rest] = keyOf(row);
        const key = [at, ...rest, metric, source, grouping, context, unit].join('\n');
        return !this.isNew(row, { table, seen, name: metric, at, key });
      });
      return rows.length === 0 ? [] : [{ ...batch, rows }];
    });
  }
}
