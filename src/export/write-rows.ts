import type { ExportTable } from '../read/export-tables.ts';
import type { PlanStep, StepPosition } from '../store/exports.ts';
import { type ExportContext, encode } from './context.ts';
import { csvOf, toJsonLine } from './lines.ts';
import { openPacker } from './pack.ts';
import { type Page, readPage } from './pages.ts';

/**
 * A file ends where it has so many rows, or bytes: work of seconds, and memory for a page and for its CSV, which waits
 * compressed, a tenth of its size.
 */
const MAX_ROWS = 250_000;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Rows of a table and a span as NDJSON, and beside it as CSV.
 * @returns where to go on; `null` if that was all
 */
export async function writeRows(
  context: ExportContext,
  table: ExportTable,
  step: PlanStep,
  position: StepPosition | null,
): Promise<StepPosition | null> {
  const { archive } = context;
  let page = await readPage(context, table, step, position?.after ?? null);
  if (page.rows.length === 0) return null;
  const file = (position?.file ?? 0) + 1;
  const name = nameOf(table, step, file);
  const pieces: Uint8Array[] = [];
  const packer = openPacker((piece) => void pieces.push(piece));
  const csv = csvOf(table, context.seriesOf);
  await packer.write(encode(csv.heading));

  let rows = 0;
  await archive.entry(`${name}.ndjson`, table.name, async (ndjson) => {
    for (;;) {
      rows += page.rows.length;
      await ndjson.write(encode(page.rows.map((row) => toJsonLine(table, row)).join('')));
      await packer.write(encode(page.rows.map(csv.line).join('')));
      if (page.next === null || rows >= MAX_ROWS || ndjson.bytes >= MAX_BYTES) return rows;
      page = await readOn(context, table, step, page.next);
    }
  });
  await archive.packedEntry(`${name}.csv`, table.name, rows, { ...(await packer.close()), pieces });
  return page.next === null ? null : { after: page.next, file };
}

const readOn = (
  context: ExportContext,
  table: ExportTable,
  step: PlanStep,
  after: (string | number)[],
): Promise<Page> => readPage(context, table, step, after);

/** `samples/2026-03`, `events/2026`, `series`; from the second file of a span on `samples/2026-03.2`. */
function nameOf({ name, time }: ExportTable, { from, to }: PlanStep, file: number): string {
  const suffix = file === 1 ? '' : `.${file}`;
  if (time === null) return `${name}${suffix}`;
  const isMonth = Date.parse(to) - Date.parse(from) < 40 * 86_400_000;
  return `${name}/${from.slice(0, isMonth ? 7 : 4)}${suffix}`;
}
