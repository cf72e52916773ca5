import { canonicalName, findMetric } from '../catalog/metrics.ts';
import { type Column, numberOrText, type Row, type Table, words } from './table.ts';

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

/** A few blocks for each batch of rows, since a batch has only its share of each metric's points. */
export async function* metricsOf({ columns, batches }: Table): AsyncGenerator<MetricBlock[]> {
  const metrics = metricsIn(columns);
  for await (const rows of batches()) {
    const blocks = new Map<TableMetric, MetricBlock>();
    for (const row of rows) takeRow(row, metrics, blocks);
    yield [...blocks.values()];
  }
}

/** Cell by cell: a row costs its own length, however many metrics the head has. */
function takeRow(
  row: Row,
  metrics: readonly (TableField | null)[],
  blocks: Map<TableMetric, MetricBlock>,
): void {
  const points = new Map<TableMetric, MetricBlock['data'][number]>();
  row.forEach((cell, index) => {
    const field = metrics[index];
    // An empty cell is no data, not a zero.
    if (cell === '' || field === null || field === undefined) return;
    let point = points.get(field.metric);
    if (point === undefined) {
      point = { date: row[0] ?? '' };
      points.set(field.metric, point);
      blockOf(field.metric, blocks).data.push(point);
    }
    point[field.name] = numberOrText(cell);
  });
}

function blockOf(metric: TableMetric, blocks: Map<TableMetric, MetricBlock>): MetricBlock {
  const block = blocks.get(metric) ?? { ...metric, data: [] };
  blocks.set(metric, block);
  return block;
}

interface TableMetric {
  name: string;
  units: string;
}

/** What the cells of a column are to the metric that they belong to. */
interface TableField {
  metric: TableMetric;
  name: string;
}

/** A field for each column; `null` for those that are none. */
function metricsIn(columns: readonly Column[]): (TableField | null)[] {
  const metrics = new Map<string, TableMetric>();
  return columns.map((column, index) => {
    if (index === 0 || column.name === '') return null;
    const { name, field } = placeOf(column);
    const key = `${name} ${column.unit}`;
    const metric = metrics.get(key) ?? { name, units: column.unit };
    metrics.set(key, metric);
    return { metric, name: field };
  });
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
