import Papa from 'papaparse';

/** A CSV file of the app, as columns with their units. Pure. */

export interface Column {
  /** Without unit and part. */
  name: string;
  /** `Min` of `Heart Rate [Min] (bpm)`; `null` for a column that is whole. */
  part: string | null;
  unit: string;
}

export interface Table {
  columns: Column[];
  /** Text, as many as there are columns; `''` where there is no data. */
  rows: string[][];
}

const MAX_COLUMNS = 2_000;
const MAX_CELL = 1_000;

/** `null` if it is no table. */
export function readTable(text: string): Table | null {
  const { data } = Papa.parse<string[]>(text.replace(/^\ufeff/, ''), { skipEmptyLines: 'greedy' });
  const [head, ...rows] = data;
  if (head === undefined || head.length < 2 || head.length > MAX_COLUMNS) return null;
  if (data.some((row) => row.some((cell) => cell.length > MAX_CELL))) return null;
  return {
    columns: head.map(readColumn),
    rows: rows.map((row) => head.map((_, i) => row[i]?.trim() ?? '')),
  };
}

/** Texts of a file by other texts. A map, because a header may be called `constructor`. */
export const words = (table: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(table));

/** Units in the language of the phone. */
const UNIT_WORDS = words({
  'contagem/min': 'count/min',
  contagem: 'count',
  'conteo/min': 'count/min',
  conteo: 'count',
  'anzahl/min': 'count/min',
  anzahl: 'count',
});

/** `VO2 Max (ml/(kg·min))`: the unit is the last group of brackets, which may have some inside. */
function readColumn(header: string): Column {
  const text = header.trim();
  const open = text.endsWith(')') ? openingOf(text) : -1;
  const unit = open < 0 ? '' : text.slice(open + 1, -1).trim();
  const [, name = '', part = null] =
    /^(.*?)(?:\s*\[(.+)\])?$/.exec(open < 0 ? text : text.slice(0, open).trim()) ?? [];
  return { name, part, unit: UNIT_WORDS.get(unit.toLowerCase()) ?? unit };
}

function openingOf(text: string): number {
  let depth = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === ')') depth++;
    if (text[i] === '(' && --depth === 0) return i;
  }
  return -1;
}

/** A number with a comma for its point is read; any other text goes on as it is, to be named by the decoder. */
export function numberOrText(cell: string): number | string {
  const plain = /^-?\d+,\d+$/.test(cell) ? cell.replace(',', '.') : cell;
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : cell;
}

/** Whether the rows are of moments: the first column is named in the language of the phone, but its dates are not. */
export const isDated = ({ rows }: Table): boolean =>
  rows.every(([first = '']) => /^\d{4}-\d\d-\d\d/.test(first));
