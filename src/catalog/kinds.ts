/** How the values of a metric combine over time: added, averaged, a range of both ends, or in a way of its own. */
export type MetricKind = 'sum' | 'average' | 'range' | 'own';

export interface Metric {
  name: string;
  title: string;
  category: string;
  kind: MetricKind;
  /** Canonical unit: what `value` is stored in. */
  unit: string;
  aliases: readonly string[];
}
