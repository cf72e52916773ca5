import { BUCKETS, type CountedName, type LabelsOf, PREFIX } from './families.ts';

/**
 * What has been counted and is not yet in Redis: plain numbers under the names that the Prometheus text format gives
 * them, so that nothing needs to be taken apart again. An isolate has one, which all its requests share.
 */
export class Meter {
  #values = new Map<string, number>();

  count<N extends CountedName>(name: N, labels: LabelsOf<N>, by = 1): void {
    this.#add(seriesName(name, labels), by);
  }

  /** One more observation of a histogram. It counts for its own bucket alone: each number is a command of Redis. */
  observe<N extends CountedName>(name: N, labels: LabelsOf<N>, seconds: number): void {
    const bound = BUCKETS.find((each) => seconds <= each);
    const le = bound === undefined ? '+Inf' : String(bound);
    this.#add(seriesName(`${name}_bucket`, { ...labels, le }), 1);
    this.#add(seriesName(`${name}_sum`, labels), seconds);
  }

  #add(series: string, by: number): void {
    this.#values.set(series, (this.#values.get(series) ?? 0) + by);
  }

  /** Hands out what was counted, and begins anew. */
  drain(): Map<string, number> {
    const drained = this.#values;
    this.#values = new Map();
    return drained;
  }

  /** Takes back what could not be handed on. */
  restore(values: ReadonlyMap<string, number>): void {
    for (const [series, by] of values) this.#add(series, by);
  }
}

/** `self_sensored_name{label="value"}`, as the Prometheus text format writes it. */
export function seriesName(name: string, labels: Readonly<Record<string, string>>): string {
  let pairs = '';
  for (const label in labels) {
    pairs += `${pairs === '' ? '' : ','}${label}="${escaped(labels[label] ?? '')}"`;
  }
  return pairs === '' ? `${PREFIX}${name}` : `${PREFIX}${name}{${pairs}}`;
}

const escaped = (value: string): string => (NEEDS_ESCAPE.test(value) ? withEscapes(value) : value);

const NEEDS_ESCAPE = /[\\"\n]/;

const withEscapes = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
