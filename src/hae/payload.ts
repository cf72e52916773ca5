import type { Place, Slice } from '../model.ts';
import { Cutter, escapePointer, type Item, type MetricFrame, SECTIONS } from './cut.ts';

/**
 * Reads the text of one slice into blocks of items. A sound slice is parsed whole, which is fast. One with an
 * element that is not JSON, or with a key that stands twice (of which a parser keeps only the last), is taken
 * apart item by item, so that nothing but the bad item itself is lost. Pure.
 */

/** Stands for an item that is not JSON. */
export const UNREADABLE = Symbol('unreadable');

/** Items that stand side by side, and where: the pointer of an item is `pointers(i)`. */
export interface Block {
  /** Name of the section, such as `metrics`. */
  section: string;
  /** `name` and `units` of the metric that the items are points of; `null` for items of other sections. */
  metric: { name: unknown; units: unknown } | null;
  items: readonly unknown[];
  pointers: (i: number) => string;
}

export function readSlice(bytes: Uint8Array, slice: Slice): Block[] {
  const text = slice.opening + new TextDecoder().decode(bytes) + slice.closing;
  const blocks = parseWhole(text, slice.place);
  if (blocks !== null && countItems(blocks) === slice.items) return blocks;
  const apart = takeApart(text, slice.place);
  if (countItems(apart) === slice.items) return apart;
  throw new Error(`Slice ${slice.number} holds ${countItems(apart)} items, not ${slice.items}.`);
}

const countItems = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => sum + block.items.length, 0);

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
}

function parseWhole(text: string, place: Place): Block[] | null {
  const root = parse(text);
  if (!isObject(root)) return null;
  const blocks: Block[] = [];
  for (const [key, value] of Object.entries(root)) {
    if (key === 'data') readData(value, place, blocks);
    else if (SECTIONS.has(key)) readSection(key, '', value, place, blocks);
  }
  return blocks;
}

function readData(data: unknown, place: Place, blocks: Block[]): void {
  if (isObject(data)) {
    for (const [key, value] of Object.entries(data))
      readSection(key, '/data', value, place, blocks);
  } else if (data !== null) {
    blocks.push(single('data', '/data', data));
  }
}

function readSection(
  name: string,
  base: string,
  value: unknown,
  place: Place,
  blocks: Block[],
): void {
  const pointer = `${base}/${escapePointer(name)}`;
  if (!Array.isArray(value)) {
    if (value !== null) blocks.push(single(name, pointer, value));
    return;
  }
  const first = pointer === place.section ? place.element : 0;
  if (name !== 'metrics') {
    blocks.push({ section: name, metric: null, items: value, pointers: counted(pointer, first) });
    return;
  }
  value.forEach((metric: unknown, i) => {
    const inner = `${pointer}/${first + i}`;
    const firstPoint = pointer === place.section && i === 0 ? place.point : 0;
    if (isObject(metric)) readMetric(metric, `${inner}/data`, firstPoint, blocks);
    else blocks.push(single(name, inner, metric));
  });
}

function readMetric(metric: JsonObject, pointer: string, first: number, blocks: Block[]): void {
  const { name, units, data } = metric;
  const items = Array.isArray(data) ? data : [data];
  if (data === null || data === undefined || items.length === 0) return;
  const pointers = Array.isArray(data) ? counted(pointer, first) : () => pointer;
  blocks.push({ section: 'metrics', metric: { name, units }, items, pointers });
}

const counted = (pointer: string, first: number) => (i: number) => `${pointer}/${first + i}`;

const single = (section: string, pointer: string, value: unknown): Block => ({
  section,
  metric: null,
  items: [value],
  pointers: () => pointer,
});

/** The slow way: finds each item with the cutter and parses it by itself. */
function takeApart(text: string, place: Place): Block[] {
  const bytes = new TextEncoder().encode(text);
  const found: Item[] = [];
  const cutter = new Cutter({
    sliceBytes: Number.POSITIVE_INFINITY,
    onItem: (item) => found.push(item),
  });
  cutter.push(bytes);
  cutter.end();

  const decoder = new TextDecoder();
  return found.map(({ start, end, section, element, metric, point }) => {
    const inPlace = section.pointer === place.section;
    const pointer = [
      section.pointer,
      ...(element === null ? [] : [element + (inPlace ? place.element : 0)]),
      ...(metric === null ? [] : ['data']),
      ...(point === null ? [] : [point + (inPlace && element === 0 ? place.point : 0)]),
    ].join('/');
    return {
      section: section.name,
      metric: metric === null ? null : headOf(metric),
      items: [parse(decoder.decode(bytes.subarray(start, end)))],
      pointers: () => pointer,
    };
  });
}

const headOf = ({ name, units }: MetricFrame) => ({
  name: name === null ? undefined : parse(name),
  units: units === null ? undefined : parse(units),
});
