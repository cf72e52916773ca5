/**
 * The one writer of CSV (RFC 4180). A text that Excel or LibreOffice would run gets an apostrophe, which they show as text:
 * at its beginning, and behind each sign that they may take for the end of a cell. Pure.
 */

export type Cell = string | number | boolean | null | undefined;

/** Full-width signs count as their narrow ones; spaces and what has no width are passed over. */
const FORMULA = /^[\s\p{Cf}]*[=+\-@|＝＋－＠]/u;
const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
/** In some countries a semicolon separates cells; a tab does when a table is pasted. */
const SEPARATORS = /([;\t\r\n])/;
const QUOTED = /[",;\t\r\n]/;

const defused = (text: string): string =>
  text
    .split(SEPARATORS)
    .map((part) => (FORMULA.test(part) && !NUMBER.test(part) ? `'${part}` : part))
    .join('');

function cellOf(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = defused(value);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;

/** Rows of equal columns, below the names of the first. */
export function csvTable(rows: readonly object[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const names = Object.keys(first);
  return [csvLine(names), ...rows.map((row) => csvLine(names.map((name) => cellIn(row, name))))];
}

/** Lists and documents stand as JSON. */
function cellIn(row: object, name: string): Cell {
  const value: unknown = Reflect.get(row, name);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell);
}
