import { selectSpans } from '../read/export-rows.ts';
import { EXPORT_TABLES, type ExportTable, exportTable } from '../read/export-tables.ts';
import type { ExportJob, PlanStep, StepPosition } from '../store/exports.ts';
import type { ExportContext, ExportDependencies } from './context.ts';
import { encode } from './context.ts';
import { README } from './readme.ts';
import { FILE_KINDS, writeFiles } from './write-files.ts';
import { RAW_PREFIXES, writeRaw } from './write-raw.ts';
import { writeRows } from './write-rows.ts';

/** What an export is made of, step by step, and how each step is done. */

const ALL = { from: '-infinity', to: 'infinity' };

/** Partition by partition: a step is never more than a month, or a year of what is rare. */
export async function makePlan(
  { span, includeRaw }: Pick<ExportJob, 'span' | 'includeRaw'>,
  { database }: ExportDependencies,
): Promise<PlanStep[]> {
  const plan: PlanStep[] = [{ part: 'readme', ...ALL }];
  const addTable = async (part: string, { table, time, span: ofSpan }: ExportTable) => {
    if (time === null) return void plan.push({ part, ...ALL });
    // The points of a workout may lie in a month that the workout did not begin in.
    const spans = await database.query(selectSpans(table, ofSpan === undefined ? span : ALL));
    for (const row of spans) plan.push({ part, from: String(row.from_at), to: String(row.to_at) });
  };
  for (const table of EXPORT_TABLES) await addTable(table.name, table);
  for (const [part, { table }] of Object.entries(FILE_KINDS)) await addTable(part, table);
  if (includeRaw) plan.push(...RAW_PREFIXES.map((part) => ({ part, ...ALL })));
  return plan;
}

/** @returns where the step goes on; `null` if it is done */
export async function doStep(
  context: ExportContext,
  step: PlanStep,
  position: StepPosition | null,
): Promise<StepPosition | null> {
  const table = exportTable(step.part);
  if (table !== undefined) return writeRows(context, table, step, position);
  const kind = FILE_KINDS[step.part];
  if (kind !== undefined) return writeFiles(context, kind, step, position);
  if (step.part !== 'readme') return writeRaw(context, step, position);
  await context.archive.entry('README.txt', step.part, async (packer) => {
    await packer.write(encode(README));
    return null;
  });
  return null;
}
