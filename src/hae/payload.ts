import type { IssueCode, Place, Slice } from '../model.ts';
import {
  Cutter,
  escapePointer,
  type Item,
  isSection,
  type MetricFrame,
  sectionName,
} from './cut.ts';

/**
 * Reads the text of one slice into blocks of items. A sound slice is parsed whole, which is fast. One with an
 * element that is not JSON, or with a key that stands twice (of which a parser keeps only the last), is taken
 * apart item by item, so that nothing but the bad item itself is lost. Pure.
 */

/** Stands for an item that is not JSON. */
const UNREADABLE = Symbol('unreadable');
/** Stands for an item that is to be set aside unseen. */
class LeftOut {
  readonly code: IssueCode;

  constructor(code: IssueCode) {
    this.code = code;
  }
}

/** Why there is nothing to decode in this place of a block; `null` if there is. */
export const faultOf = (item: unknown): IssueCode | null =>
  item === UNREADABLE ? 'invalid_json' : item instanceof LeftOut ? item.code : null;

/** Why an item, by its number in the slice, is to be left out; `null`: it is not. */
export type LeaveOut = (ordinal: number) => IssueCode | null;

/** What a metric block says besides its points. */
export interface Head {
  name: unknown;
  units: unknown;
  hasNoData: boolean;
  unknownFields: readonly string[];
}

/** Items that stand side by side, and where: the pointer of an item is `pointers(i)`. */
export interface Block {
  /** Name of the section, such as `metrics`. */
  section: string;
  /** The metric that the items are points of; `null` for items of other sections. */
  metric: Head | null;
  items: readonly unknown[];
  pointers: (i: number) => string;
}

export function readSlice(
  bytes: Uint8Array,
  slice: Slice,
  leaveOut: LeaveOut | null = null,
): Block[] {
  const blocks = readBlocks(bytes, slice);
  if (leaveOut === null) return blocks;
  let ordinal = 0;
  return blocks.map((block) => ({
    ...block,
    items: block.items.map((item) => {
      const code = leaveOut(ordinal++);
      return code === null ? item : new LeftOut(code);
    }),
  }));
}

function readBlocks(bytes: Uint8Array, slice: Slice): Block[] {
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
  const document = parse(text);
  const blocks: Block[] = [];
  if (isObject(document)) readRoot(document, '', place, blocks);
  else if (Array.isArray(document)) readList(document, place, blocks);
  else return null;
  return blocks;
}

/** Where in a list of payloads a slice begins. */
const listStart = ({ section }: Place): number => Number(/^\/(\d+)\//.exec(section)?.[1] ?? 0);

function readList(payloads: readonly unknown[], place: Place, blocks: Block[]): void {
  payloads.forEach((payload, i) => {
    const base = `/${listStart(place) + i}`;
    if (isObject(payload)) readRoot(payload, base, place, blocks);
    else blocks.push(single('data', base, payload));
  });
}

function readRoot(root: JsonObject, base: string, place: Place, blocks: Block[]): void {
  for (const [key, value] of Object.entries(root)) {
    if (key === 'data') readData(value, `${base}/data`, place, blocks);
    else if (isSection(key)) readSection(key, base, value, place, blocks);
    else blocks.push({ section: key, metric: null, items: [], pointers: () => base });
  }
}

function readData(data: unknown, pointer: string, place: Place, blocks: Block[]): void {
  if (isObject(data)) {
    for (const [key, value] of Object.entries(data))
      readSection(key, pointer, value, place, blocks);
  } else if (data !== null) {
    blocks.push(single('data', pointer, data));
  }
}

function readSection(
  key: string,
  base: string,
  value: unknown,
  place: Place,
  blocks: Block[],
): void {
  const name = sectionName(key);
  const pointer = `${base}/${escapePointer(key)}`;
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
  const { name, units, data, ...rest } = metric;
  const isNothing = data === null || data === undefined;
  const head = { name, units, hasNoData: data === undefined, unknownFields: Object.keys(rest) };
  blocks.push({
    section: 'metrics',
    metric: head,
    items: isNothing ? [] : Array.isArray(data) ? data : [data],
    pointers: Array.isArray(data) ? counted(pointer, first) : () => pointer,
  });
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
    const sectionPointer = section.pointer.replace(
      /^\/(\d+)(?=\/|$)/,
      (_, i: string) => `/${listStart(place) + Number(i)}`,
    );
    const inPlace = sectionPointer === place.section;
    const pointer = [
      sectionPointer,
      ...(element === null ? [] : [element + (inPlace ? place.element : 0)]),
      ...(metric === null ? [] : ['data']),
      ...(point === null ? [] : [point + (inPlace && element === 0 ? place.point : 0)]),
    ].join('/');
    return {
      section: sectionName(section.name),
      metric: metric === null ? null : headOf(metric),
      items: [parse(decoder.decode(bytes.subarray(start, end)))],
      pointers: () => pointer,
    };
  });
}

const headOf = ({ name, units }: MetricFrame): Head => ({
  name: name === null ? undefined : parse(name),
  units: units === null ? undefined : parse(units),
  hasNoData: false,
  unknownFields: [],
});
