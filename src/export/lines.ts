import { csvLine } from '../csv.ts';
import type { ExportRow } from '../read/export-rows.ts';
import type { ExportTable } from '../read/export-tables.ts';

/** A row as a line of NDJSON, and as a line of CSV. */

/** A JSON text of the row. What is `null` is left out; JSON columns stand as they came. */
export function toJsonLine({ columns }: ExportTable, row: ExportRow): string {
  let line = '';
  for (const { name, kind } of columns) {
    const value = row[name];
    if (value === null || value === undefined) continue;
    line += `${line === '' ? '{' : ','}"${name}":${kind === 'json' ? value : toJson(value)}`;
  }
  return `${line}}\n`;
}

const toJson = (value: string | number | boolean): string =>
  // JSON knows no infinity; Postgres reads the word.
  typeof value === 'number' && !Number.isFinite(value) ? `"${value}"` : JSON.stringify(value);

/** What stands for the series in a table for people. */
const SERIES_COLUMNS = ['metric', 'source', 'grouping', 'context', 'unit'] as const;

export interface CsvTable {
  heading: string;
  line(row: ExportRow): string;
}

/** @param seriesOf by their number: a table for people names the metric and the source in each row. */
export function csvOf(table: ExportTable, seriesOf: ReadonlyMap<number, ExportRow>): CsvTable {
  const columns = table.columns.filter(({ ndjsonOnly }) => ndjsonOnly === undefined);
  const names = columns.flatMap(({ name }) => (name === 'series' ? SERIES_COLUMNS : [name]));
  return {
    heading: csvLine(names),
    line: (row) =>
      csvLine(
        columns.flatMap(({ name }) =>
          name === 'series'
            ? SERIES_COLUMNS.map((each) => seriesOf.get(Number(row.series))?.[each])
            : [row[name]],
        ),
      ),
  };
}
