import { BUCKETS, FAMILIES, PREFIX } from './families.ts';

/** The Prometheus text format, version 0.0.4: families in a steady order, each with its help and type. */
export function exposition(values: ReadonlyMap<string, number>): string {
  const byFamily = Map.groupBy(values, ([series]) => familyOf(series));
  return Object.entries(FAMILIES)
    .flatMap(([name, { type, help }]) => {
      const series = byFamily.get(name);
      if (series === undefined) return [];
      const shown = type === 'histogram' ? cumulated(series) : series;
      const lines = shown.map(([each, value]) => `${each} ${value}`);
      return [`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} ${type}`, ...lines];
    })
    .map((line) => `${line}\n`)
    .join('');
}

type Series = readonly [name: string, value: number];

/** `self_sensored_x_seconds_bucket{…}` is of the family `x_seconds`. */
function familyOf(series: string): string {
  const [full = ''] = series.slice(PREFIX.length).split('{');
  return Object.hasOwn(FAMILIES, full) ? full : full.replace(/_(bucket|sum)$/, '');
}

/** The name of a bucket: what stands before the bound, which is always the last label, and the bound. */
const BUCKET = /^(\w+_bucket\{.*)le="([^"]+)"\}$/;
const BOUNDS = [...BUCKETS.map(String), '+Inf'];

/** Buckets were counted one by one; here each holds all below it, and the last one is the count. */
function cumulated(series: readonly Series[]): Series[] {
  const buckets = new Map<string, Map<string, number>>();
  const shown: Series[] = [];
  for (const [name, value] of series) {
    const [, head, bound] = BUCKET.exec(name) ?? [];
    if (head === undefined || bound === undefined) {
      shown.push([name, value]);
      continue;
    }
    const ofHead = buckets.get(head) ?? new Map<string, number>();
    buckets.set(head, ofHead.set(bound, value));
  }
  for (const [head, counts] of buckets) {
    let total = 0;
    for (const bound of BOUNDS) {
      total += counts.get(bound) ?? 0;
      shown.push([`${head}le="${bound}"}`, total]);
    }
    shown.push([countOf(head), total]);
  }
  return shown;
}

/** `x_bucket{a="1",` → `x_count{a="1"}`, `x_bucket{` → `x_count` */
const countOf = (head: string): string =>
  head.replace('_bucket{', '_count{').replace(/,$/, '}').replace(/\{$/, '');
