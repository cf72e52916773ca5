import { FAMILIES, PREFIX } from './families.ts';

/** The Prometheus text format, version 0.0.4: families in a steady order, each with its help and type. */
export function exposition(values: ReadonlyMap<string, number>): string {
  const byFamily = Map.groupBy(values, ([series]) => familyOf(series));
  return Object.entries(FAMILIES)
    .flatMap(([name, { type, help }]) => {
      const series = byFamily.get(name);
      if (series === undefined) return [];
      const lines = series.map(([each, value]) => `${each} ${value}`).sort();
      return [`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} ${type}`, ...lines];
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** `self_sensored_x_seconds_bucket{…}` is of the family `x_seconds`. */
function familyOf(series: string): string {
  const [full = ''] = series.slice(PREFIX.length).split('{');
  return Object.hasOwn(FAMILIES, full) ? full : full.replace(/_(bucket|count|sum)$/, '');
}
