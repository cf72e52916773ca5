import type { SeriesIdentity, SeriesRows } from '../model.ts';

/** Rows as they are gathered, until those that stand for the same thing are settled into one. Pure. */

/** Which rows stand for the same thing, and what becomes of two of them. */
export interface SeriesRule<T> {
  /** 0 for the same thing. */
  compare(a: T, b: T): number;
  /** The same whatever the order. */
  join(a: T, b: T): T;
}

export interface KeyRule<T> {
  key(row: T): string;
  join(a: T, b: T): T;
}

/** Hears how many rows went into others. */
type Repeated = (metric: string, rows: number) => void;

/** Rows that belong to series. */
export class SeriesShelf<T> {
  readonly #rule: SeriesRule<T>;
  readonly #batches = new Map<SeriesIdentity, SeriesRows<T>>();

  constructor(rule: SeriesRule<T>) {
    this.#rule = rule;
  }

  /** `series` is one object for each identity. */
  add(series: SeriesIdentity, row: T, raiseOnly = false): void {
    const batch = this.#batches.get(series);
    if (batch === undefined) this.#batches.set(series, { series, raiseOnly, rows: [row] });
    else batch.rows.push(row);
  }

  /** In order, one row a thing: an upsert may meet each row only once. */
  settled(repeated: Repeated): SeriesRows<T>[] {
    return [...this.#batches.values()].map((batch) => {
      const rows = this.#settle(batch.rows);
      repeated(batch.series.metric, batch.rows.length - rows.length);
      return { ...batch, rows };
    });
  }

  #settle(rows: T[]): T[] {
    const { compare, join } = this.#rule;
    if (rows.every((row, i) => i === 0 || compare(rows[i - 1] ?? row, row) < 0)) return rows;
    const settled: T[] = [];
    for (const row of rows.toSorted(compare)) {
      const last = settled.at(-1);
      if (last !== undefined && compare(last, row) === 0)
        settled[settled.length - 1] = join(last, row);
      else settled.push(row);
    }
    return settled;
  }
}

/** Rows that are known by a key of their own. */
export class KeyShelf<T extends { section: string }> {
  readonly #rule: KeyRule<T>;
  readonly #rows = new Map<string, T>();
  readonly #repeated = new Map<string, number>();

  constructor(rule: KeyRule<T>) {
    this.#rule = rule;
  }

  add(row: T): void {
    const key = this.#rule.key(row);
    const known = this.#rows.get(key);
    this.#rows.set(key, known === undefined ? row : this.#rule.join(known, row));
    if (known === undefined) return;
    this.#repeated.set(row.section, (this.#repeated.get(row.section) ?? 0) + 1);
  }

  /** One row a key, in the order they came: the upserts sort them. */
  settled(repeated: Repeated): T[] {
    for (const [section, rows] of this.#repeated) repeated(section, rows);
    return [...this.#rows.values()];
  }
}
