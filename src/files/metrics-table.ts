import { canonicalName, findMetric } from '../catalog/metrics.ts';
import { type Column, numberOrText, type Table, words } from './table.ts';

/** The app's wide table of metrics, a row for each bucket and a column for each metric, as metrics of a payload. Pure. */

export interface MetricBlock {
  name: string;
  units: string;
  data: Record<string, number | string>[];
}

/** Headers that the rule from display name to wire name does not cover, and those in other languages. */
const NAMES = words({
  'weight/body_mass': 'weight_body_mass',
  energía_activa: 'active_energy',
  energia_ativa: 'active_energy',
  aktive_energie: 'active_energy',
  pasos: 'step_count',
  passos: 'step_count',
  schritte: 'step_count',
  frecuencia_cardíaca: 'heart_rate',
  frequência_cardíaca: 'heart_rate',
  herzfrequenz: 'heart_rate',
});

/** What the parts of a metric are called in JSON. */
const RANGE = words({ min: 'Min', max: 'Max', avg: 'Avg' });
const PARTS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['blood_pressure', words({ systolic: 'systolic', diastolic: 'diastolic' })],
  [
    'sleep_analysis',
    words({
      total: 'totalSleep',
      asleep: 'asleep',
      'in bed': 'inBed',
      core: 'core',
      deep: 'deep',
      rem: 'rem',
      awake: 'awake',
    }),
  ],
  [
    'sexual_activity',
    words({
      unspecified: 'Unspecified',
      'protection used': 'Protection Used',
      'protection not used': 'Protection Not Used',
    }),
  ],
]);

/** One after the other: a table is small, but its points as objects are not. */
export function* metricsOf({ columns, rows }: Table): Generator<MetricBlock> {
  for (const { name, units, fields } of metricsIn(columns)) {
    const data = rows.flatMap((row) => {
      // An empty cell is no data, not a zero.
      const there = fields.filter(({ index }) => row[index] !== '');
      if (there.length === 0) return [];
      const point: MetricBlock['data'][number] = { date: row[0] ?? '' };
      for (const { index, field } of there) point[field] = numberOrText(row[index] ?? '');
      return [point];
    });
    if (data.length > 0) yield { name, units, data };
  }
}

interface TableMetric {
  name: string;
  units: string;
  /** The columns that its points are made of. */
  fields: { index: number; field: string }[];
}

function metricsIn(columns: readonly Column[]): Iterable<TableMetric> {
  const metrics = new Map<string, TableMetric>();
  columns.forEach((column, index) => {
    if (index === 0 || column.name === '') return;
    const { name, field } = placeOf(column);
    const key = `${name} ${column.unit}`;
    const metric = metrics.get(key) ?? { name, units: column.unit, fields: [] };
    metric.fields.push({ index, field });
    metrics.set(key, metric);
  });
  return metrics.values();
}

function placeOf({ name: display, part }: Column): { name: string; field: string } {
  const wire = canonicalName(display);
  const name = NAMES.get(wire) ?? findMetric(wire)?.name ?? wire;
  if (part === null) return { name, field: 'qty' };
  const fields = PARTS.get(name) ?? RANGE;
  const field = fields.get(part.toLowerCase());
  return field === undefined
    ? { name: canonicalName(`${display} ${part}`), field: 'qty' }
    : { name, field };
}
