import Papa from 'papaparse';
import {
  MAX_CELL_CHARACTERS,
  MAX_HEADER_CHARACTERS,
  MAX_TABLE_CELLS,
  MAX_TABLE_COLUMNS,
} from '../limits.ts';
import type { IssueCode } from '../model.ts';
import { pause } from './pause.ts';

/**
 * A CSV file of the app, as columns with their units, and rows that are read in batches: neither the rows nor what
 * becomes of them is ever held whole. Pure.
 */

export interface Column {
  /** Without unit and part. */
  name: string;
  /** `Min` of `Heart Rate [Min] (bpm)`; `null` for a column that is whole. */
  part: string | null;
  unit: string;
}

/** Cells as text, `''` where there is no data. A row may be shorter than the head, or longer. */
export type Row = readonly string[];

export interface Table {
  columns: readonly Column[];
  /** Whether the rows are of moments: the first column is named in the language of the phone, but its dates are not. */
  isDated: boolean;
  /** Reads the file once more, from its beginning. */
  batches(): AsyncGenerator<Row[]>;
}

/** Of text at once: some milliseconds of work, and as many objects as a young generation takes. */
const BATCH_CHARACTERS = 16 * 1024;

/**
 * Reads a table once, to see that it is one and keeps within its limits.
 * @param textOf gives its text, each time that it is read.
 * @returns what is wrong with it, if anything is.
 */
export async function readTable(textOf: () => Promise<string>): Promise<Table | IssueCode> {
  let columns: Column[] | null = null;
  let isDated = true;
  let cells = 0;
  for await (const batch of batchesIn(textOf)) {
    for (const row of batch) {
      cells += row.length;
      const fault = faultOf(row, columns === null);
      if (fault !== null) return fault;
      if (columns === null) columns = row.map(readColumn);
      else isDated &&= DATED.test(row[0] ?? '');
    }
    if (cells > MAX_TABLE_CELLS) return 'table_too_many_cells';
  }
  if (columns === null) return 'file_not_readable';
  return { columns, isDated, batches: () => withoutHead(batchesIn(textOf)) };
}

function faultOf(row: Row, isHead: boolean): IssueCode | null {
  if (isHead && row.length < 2) return 'file_not_readable';
  if (isHead && row.length > MAX_TABLE_COLUMNS) return 'table_too_many_columns';
  if (isHead && row.some((cell) => cell.length > MAX_HEADER_CHARACTERS)) {
    return 'table_header_too_long';
  }
  return row.some((cell) => cell.length > MAX_CELL_CHARACTERS) ? 'table_cell_too_long' : null;
}

async function* withoutHead(batches: AsyncGenerator<Row[]>): AsyncGenerator<Row[]> {
  let isFirst = true;
  for await (const batch of batches) {
    yield isFirst ? batch.slice(1) : batch;
    isFirst = false;
  }
}

/** In place: a copy of each row would be half as much garbage again. */
function trim(row: string[]): void {
  row.forEach((cell, index) => {
    row[index] = cell.trim();
  });
}

/** Papa calls with each batch, and waits where the parser is paused. */
async function* batchesIn(textOf: () => Promise<string>): AsyncGenerator<Row[]> {
  const text = await textOf();
  let parser: Papa.Parser | null = null;
  const batches = new ReadableStream<Row[]>(
    {
      start(controller) {
        Papa.parse<string[]>(text, {
          skipEmptyLines: 'greedy',
          chunkSize: BATCH_CHARACTERS,
          chunk({ data }: Papa.ParseResult<string[]>, running: Papa.Parser) {
            parser = running;
            running.pause();
            for (const row of data) trim(row);
            controller.enqueue(data);
          },
          complete: () => controller.close(),
        });
      },
      pull: () => parser?.resume(),
    },
    { highWaterMark: 0 },
  );
  const isLong = text.length > BATCH_CHARACTERS;
  for await (const batch of batches) {
    if (batch.length > 0) yield batch;
    if (isLong) await pause();
  }
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
  return {
    ...partOf(open < 0 ? text : text.slice(0, open).trim()),
    unit: UNIT_WORDS.get(unit.toLowerCase()) ?? unit,
  };
}

/** `Heart Rate [Min]` */
function partOf(text: string): Pick<Column, 'name' | 'part'> {
  const open = text.indexOf('[');
  const part = open >= 0 && text.endsWith(']') ? text.slice(open + 1, -1) : '';
  return part === '' ? { name: text, part: null } : { name: text.slice(0, open).trimEnd(), part };
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

const DATED = /^\d{4}-\d\d-\d\d/;
