import type { Random } from '../bed/random.ts';

/** Bodies that are nearly right: changes of the tree of a payload, and of its bytes. */

type Node = unknown;

const pick = <T>(items: readonly T[], random: Random): T =>
  items[Math.floor(random() * items.length)] as T;

/** Stands where anything else was expected. */
const ODD: readonly Node[] = [
  null,
  true,
  0,
  -0,
  -1,
  1e308,
  5e-324,
  Number.MAX_SAFE_INTEGER + 2,
  '',
  ' ',
  '0',
  'NaN',
  '1e999',
  '12,5',
  '2026-02-30 25:61:61 +9999',
  '2026-03-29 02:30:00',
  '2026-03-02 7:41:00 PM +0100',
  '0000-00-00',
  '\u0000',
  '\ud800',
  '\u202e\u200b',
  '💓'.repeat(300),
  'x'.repeat(3_000),
  [],
  {},
  [[]],
  [null],
  [[[[[[[[]]]]]]]],
  { data: [] },
  { data: { data: {} } },
  { qty: {} },
  { __proto__: null, constructor: 1, toString: 2 },
  'step_count',
  'sleep_analysis',
  'blood_pressure',
  'metrics',
  'kJ',
  'constructor',
  '__proto__',
];

const NAMES = [
  'data',
  'metrics',
  'workouts',
  'ecg',
  'symptoms',
  'stateOfMind',
  'name',
  'units',
  'qty',
  'Qty',
  'date',
  'start',
  'end',
  'startDate',
  'endDate',
  'source',
  'Avg',
  'Min',
  'Max',
  'systolic',
  'value',
  'route',
  'heartRateData',
  'voltageMeasurements',
  '',
  '__proto__',
  'hasOwnProperty',
];

/** Every object and array of a tree, itself included. */
function containers(node: Node, found: object[] = []): object[] {
  if (typeof node !== 'object' || node === null) return found;
  found.push(node);
  for (const child of Object.values(node)) containers(child, found);
  return found;
}

/** Changes one place of a tree that may be changed. */
function mutateTree(root: Node, random: Random): void {
  const target = pick(containers(root), random);
  if (target === undefined) return;
  if (Array.isArray(target)) mutateArray(target, random);
  else mutateObject(target as Record<string, Node>, random);
}

function mutateArray(array: Node[], random: Random): void {
  const at = Math.floor(random() * (array.length + 1));
  switch (Math.floor(random() * 5)) {
    case 0:
      array.splice(at, 1);
      break;
    case 1:
      array.splice(at, 0, structuredClone(pick(ODD, random)));
      break;
    case 2:
      if (array.length > 0) array.splice(at, 0, structuredClone(pick(array, random)));
      break;
    case 3:
      array.reverse();
      break;
    default:
      if (at < array.length) array[at] = structuredClone(pick(ODD, random));
  }
}

function mutateObject(object: Record<string, Node>, random: Random): void {
  const key = pick(Object.keys(object), random) ?? '';
  const define = (name: string, value: Node) =>
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  switch (Math.floor(random() * 5)) {
    case 0:
      delete object[key];
      break;
    case 1:
      define(key, structuredClone(pick(ODD, random)));
      break;
    case 2:
      define(pick(NAMES, random), object[key]);
      break;
    case 3:
      define(pick(NAMES, random), structuredClone(pick(ODD, random)));
      break;
    default:
      define(key, [object[key]]);
  }
}

/** Changes some bytes of a text that was right until now. */
function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = Math.floor(random() * bytes.length);
  const length = 1 + Math.floor(random() * 12);
  const before = bytes.subarray(0, at);
  switch (Math.floor(random() * 6)) {
    case 0:
      return before;
    case 1:
      return joined(before, bytes.subarray(at + length));
    case 2:
      return joined(before, bytes.subarray(at, at + length), bytes.subarray(at));
    case 3:
      return joined(before, Uint8Array.of(Math.floor(random() * 256)), bytes.subarray(at + 1));
    case 4:
      return joined(before, Buffer.from(pick(MARKS, random)), bytes.subarray(at));
    default:
      return joined(before, Buffer.from(pick(MARKS, random)), bytes.subarray(at + length));
  }
}

/** What gives a text its structure, and what breaks it. */
const MARKS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  '-',
  'e',
  '\n',
  '\ufeff',
  '"data":',
];

const joined = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

/** A body that was made of a good one: mostly still JSON, and sometimes not. */
export function mutate(payload: Node, random: Random): Uint8Array {
  const tree = structuredClone(payload);
  for (let i = Math.floor(random() * 4); i >= 0; i--) mutateTree(tree, random);
  let bytes: Uint8Array = Buffer.from(JSON.stringify(tree) ?? '');
  if (random() < 0.4) {
    for (let i = Math.floor(random() * 3); i >= 0; i--) bytes = mutateBytes(bytes, random);
  }
  return bytes;
}
