import { type ExportRow, keyOf, selectExportRows, toExportRow } from '../read/export-rows.ts';
import type { ExportTable } from '../read/export-tables.ts';
import type { PlanStep } from '../store/exports.ts';
import type { ExportContext } from './context.ts';

/** Rows of one question, and the key of the last one; `null` if there are no more. */
export interface Page {
  rows: ExportRow[];
  next: (string | number)[] | null;
}

/** Asked in the role of the person: no row of anyone else can get into the zip. */
export async function readPage(
  { database, job }: Pick<ExportContext, 'database' | 'job'>,
  table: ExportTable,
  step: Pick<PlanStep, 'from' | 'to'>,
  after: readonly (string | number)[] | null,
): Promise<Page> {
  const question = { userId: job.userId, span: job.span, step, after };
  const found = await database.queryAs(job.userId, selectExportRows(table, question));
  const rows = found.map((row) => toExportRow(table, row));
  const last = rows.at(-1);
  const isLast = rows.length < table.rowsAtOnce || last === undefined;
  return { rows, next: isLast ? null : keyOf(table, last) };
}
