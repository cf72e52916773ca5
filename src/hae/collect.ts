import { ISSUES } from '../codes.ts';
import type {
  BloodPressure,
  Counts,
  Decoded,
  Issue,
  IssueCode,
  Sample,
  SeriesIdentity,
  SeriesRows,
} from '../model.ts';
import { cleanText } from './sources.ts';

/** Gathers what a slice holds, series by series, with a count for every item. Pure. */

export class Collector {
  readonly #series = new Map<string, SeriesIdentity>();
  readonly #samples = new Map<SeriesIdentity, SeriesRows<Sample>>();
  readonly #pressures = new Map<SeriesIdentity, SeriesRows<BloodPressure>>();
  readonly #counts = new Map<string, Counts>();
  readonly #setAside: Issue[] = [];
  readonly #remarks = new Map<string, Issue & { times: number }>();

  /** The one object that stands for this identity, however many blocks of the slice name it. */
  series(identity: SeriesIdentity): SeriesIdentity {
    const { metric, unit, context, source } = identity;
    const key = [metric, unit, context, source].join('\n');
    const known = this.#series.get(key);
    if (known === undefined) this.#series.set(key, identity);
    return known ?? identity;
  }

  /** `series` comes from `series()`. */
  addSample(series: SeriesIdentity, raiseOnly: boolean, sample: Sample): void {
    this.#count(series.metric).received++;
    batchOf(this.#samples, series, raiseOnly).rows.push(sample);
  }

  addPressure(series: SeriesIdentity, pressure: BloodPressure): void {
    this.#count(series.metric).received++;
    batchOf(this.#pressures, series, false).rows.push(pressure);
  }

  setAside(metric: string, pointer: string, code: IssueCode): void {
    const name = label(metric);
    const counts = this.#count(name);
    counts.received++;
    counts.set_aside++;
    this.#setAside.push({
      pointer: label(pointer),
      metric: name,
      code,
      message: ISSUES[code].message,
    });
  }

  /** Says something of an item that is stored. One remark a metric and code, however many items it holds for. */
  remark(metric: string, pointer: string, code: IssueCode): void {
    const key = `${code} ${metric}`;
    const known = this.#remarks.get(key);
    if (known !== undefined) known.times++;
    else this.#remarks.set(key, { pointer, metric, code, message: '', times: 1 });
  }

  finish(): Decoded {
    const remarks = [...this.#remarks.values()].map(({ times, ...issue }) => ({
      ...issue,
      message: `${ISSUES[issue.code].message}${times > 1 ? ` (${times} times)` : ''}`,
    }));
    return {
      samples: this.#settled(this.#samples, greaterSample),
      pressures: this.#settled(this.#pressures, mergedPressure),
      counts: this.#counts,
      issues: [...this.#setAside, ...remarks],
    };
  }

  #count(metric: string): Counts {
    let counts = this.#counts.get(metric);
    if (counts === undefined) {
      counts = { received: 0, inserted: 0, updated: 0, unchanged: 0, set_aside: 0 };
      this.#counts.set(metric, counts);
    }
    return counts;
  }

  /** In order of time, one row a moment: an upsert may meet each row only once. */
  #settled<T extends { recordedAt: number }>(
    batches: Map<SeriesIdentity, SeriesRows<T>>,
    join: (a: T, b: T) => T,
  ): SeriesRows<T>[] {
    return [...batches.values()].map((batch) => {
      const rows = settle(batch.rows, join);
      this.#count(batch.series.metric).unchanged += batch.rows.length - rows.length;
      return { ...batch, rows };
    });
  }
}

const MAX_LABEL = 200;

/** Names of sections and pointers to them come from the body: they may hold anything, at any length. */
const label = (text: string): string => cleanText(text).slice(0, MAX_LABEL).toWellFormed();

function batchOf<T>(
  batches: Map<SeriesIdentity, SeriesRows<T>>,
  series: SeriesIdentity,
  raiseOnly: boolean,
): SeriesRows<T> {
  let batch = batches.get(series);
  if (batch === undefined) {
    batch = { series, raiseOnly, rows: [] };
    batches.set(series, batch);
  }
  return batch;
}

function settle<T extends { recordedAt: number }>(rows: T[], join: (a: T, b: T) => T): T[] {
  if (rows.every((row, i) => i === 0 || row.recordedAt > (rows[i - 1]?.recordedAt ?? 0)))
    return rows;
  const settled: T[] = [];
  for (const row of rows.toSorted((a, b) => a.recordedAt - b.recordedAt)) {
    const last = settled.at(-1);
    if (last?.recordedAt === row.recordedAt) settled[settled.length - 1] = join(last, row);
    else settled.push(row);
  }
  return settled;
}

/** Of two values for one moment in one payload the greater counts, so that order and slicing do not matter. */
function greaterSample(a: Sample, b: Sample): Sample {
  const order = [
    a.value - b.value,
    compareOptional(a.min, b.min),
    compareOptional(a.max, b.max),
    compareOptional(a.endedAt, b.endedAt),
  ];
  return (order.find((difference) => difference !== 0) ?? 0) >= 0 ? a : b;
}

const compareOptional = (a: number | null, b: number | null): number =>
  a === b ? 0 : (a ?? Number.NEGATIVE_INFINITY) > (b ?? Number.NEGATIVE_INFINITY) ? 1 : -1;

/** The app may send the halves of a reading apart. */
const mergedPressure = (a: BloodPressure, b: BloodPressure): BloodPressure => ({
  recordedAt: a.recordedAt,
  systolic: greater(a.systolic, b.systolic),
  diastolic: greater(a.diastolic, b.diastolic),
  pulse: greater(a.pulse, b.pulse),
});

const greater = (a: number | null, b: number | null): number | null =>
  compareOptional(a, b) >= 0 ? a : b;
