import type { Metric, MetricKind } from '../kinds.ts';

type Row = (name: string, title: string, unit: string, ...aliases: string[]) => Metric;

/**
 * Row writers for one category of the catalogue, one for each kind. The title is the display name in the app, which
 * its wire name is made from. Aliases are other names seen on the wire, in canonical spelling: what differs only in
 * case, blanks or punctuation is found anyway.
 */
export function rowsOf(category: string): Record<MetricKind, Row> {
  const rowOf =
    (kind: MetricKind): Row =>
    (name, title, unit, ...aliases) => ({ name, title, category, kind, unit, aliases });
  return { sum: rowOf('sum'), average: rowOf('average'), range: rowOf('range'), own: rowOf('own') };
}
