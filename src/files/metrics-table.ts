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

export function metricsOf({ columns, rows }: Table): MetricBlock[] {
  const blocks = new Map<
    string,
    { block: MetricBlock; fields: [index: number, field: string][] }
  >();
  columns.forEach((column, i) => {
    if (i === 0 || column.name === '') return;
    const { name, field } = placeOf(column);
    const key = `${name} ${column.unit}`;
    const known = blocks.get(key);
    if (known === undefined) {
      const block = { name, units: column.unit, data: [] };
      blocks.set(key, { block, fields: [[i, field]] });
    } else known.fields.push([i, field]);
  });
  for (const row of rows) {
    for (const { block, fields } of blocks.values()) {
      const there = fields.filter(([i]) => row[i] !== '');
      // An empty cell is no data, not a zero.
      if (there.length === 0) continue;
      const numbers = there.map(([i, field]) => [field, numberOrText(row[i] ?? '')]);
      block.data.push({ date: row[0] ?? '', ...Object.fromEntries(numbers) });
    }
  }
  return [...blocks.values()].map(({ block }) => block).filter(({ data }) => data.length > 0);
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
