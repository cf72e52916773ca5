import type { z } from 'zod';
import { converter } from '../../catalog/units.ts';
import { SUMMARY_COLUMNS, type SummaryColumn } from '../../catalog/workout-summary.ts';
import type { IssueCode } from '../../model.ts';
import type { Item } from '../item.ts';
import { cleanText } from '../sources.ts';
import { finite, quantity } from '../wire.ts';

/** The numbers that sum a workout up, in the units of their columns. Some of the app's labels lie. Pure. */

interface Summary {
  summary: Record<string, number>;
  /** The fields that it was read from. */
  used: ReadonlySet<string>;
}

export function readSummary<S extends z.ZodRawShape>(item: Item<S>): Summary {
  const summary: Record<string, number> = {};
  const used = new Set<string>();
  for (const target of SUMMARY_COLUMNS) {
    const found = find(item.fields, target);
    if (found === null) continue;
    const number = finite(found.qty);
    const value = typeof number === 'number' ? convert(target, number, found.units) : number;
    if (value === 'value_missing') continue;
    // What is no number, or has no unit of ours, stays as it came, and the workout is stored.
    if (value === 'value_not_finite') leaveOut(item, found.field, value);
    else if (value === null) item.remark('unit_unknown');
    else {
      used.add(found.field.split('.')[0] ?? '');
      // The app writes a heart rate of zero where there is none.
      if (value !== 0 || !target.column.startsWith('heart_rate')) summary[target.column] = value;
    }
  }
  return { summary, used };
}

function leaveOut<S extends z.ZodRawShape>({ place }: Item<S>, field: string, code: IssueCode) {
  const pointer = `${place.pointer}/${field.replace('.', '/')}`;
  place.collector.leaveOut(place.section, pointer, code);
}

/** The first of a column's fields that holds a quantity; arrays are series. */
function find(fields: object, { fields: names }: SummaryColumn) {
  for (const field of names) {
    const [outer = '', inner] = field.split('.');
    const holder: unknown = Reflect.get(fields, outer);
    const raw: unknown =
      inner === undefined ? holder : holder ? Reflect.get(Object(holder), inner) : undefined;
    const read = quantity.safeParse(raw);
    if (raw === undefined || raw === null || Array.isArray(raw) || !read.success) continue;
    if (typeof read.data !== 'object' || read.data === null) {
      // `elevation` has one unit for both of its numbers.
      const units = inner === undefined ? '' : cleanText(String(Object(holder).units ?? ''));
      return { field, qty: read.data, units };
    }
    return { field, qty: read.data.qty, units: cleanText(read.data.units ?? '') };
  }
  return null;
}

/** The longest pool is a tenth of a kilometre; a lap of less than a fifth of a metre is one in kilometres. */
const SHORTEST_LAP_M = 0.2;

/** @returns `null` if the unit measures something else. */
function convert({ column, unit }: SummaryColumn, qty: number, units: string): number | null {
  // In a pool the app writes kilometres an hour as metres.
  if (column.includes('speed') && units === 'm/hr') return qty;
  const value = converter(units, { name: column, unit })?.convert(qty) ?? null;
  if (column === 'lap_length_m' && units === 'm' && qty < SHORTEST_LAP_M) return qty * 1000;
  return value !== null && Number.isFinite(value) ? value : null;
}
