import { instantOf } from '../database.ts';
import { selectPersonSince } from '../read/export-person.ts';
import { selectSpans } from '../read/export-rows.ts';
import { EXPORT_TABLES, type ExportTable, exportTable } from '../read/export-tables.ts';
import type { ExportJob, PlanStep, StepPosition } from '../store/exports.ts';
import { hourOf } from '../store/raw-keys.ts';
import type { ExportContext, ExportDependencies } from './context.ts';
import { encode, instantOfBound } from './context.ts';
import { README } from './readme.ts';
import { FILE_KINDS, writeFiles } from './write-files.ts';
import { HOURS_PART, RAW_PREFIXES, writeHours, writeRaw } from './write-raw.ts';
import { writeRows } from './write-rows.ts';

/** What an export is made of, step by step, and how each step is done. */

const ALL = { from: '-infinity', to: 'infinity' };

/** Partition by partition: a step is never more than a month, or a year of what is rare. */
export async function makePlan(
  { userId, span, includeRaw, createdAt }: ExportJob,
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
  if (!includeRaw) return plan;
  plan.push(...RAW_PREFIXES.map((part) => ({ part, ...ALL })));
  const [person] = await database.query(selectPersonSince(userId));
  const since = Math.max(instantOf(person?.created_at) - DAY_MS, instantOfBound(span.from));
  const until = Math.min(createdAt, instantOfBound(span.to));
  if (since <= until) plan.push({ part: HOURS_PART, from: hourOf(since), to: hourOf(until) });
  return plan;
}

/** The clocks of Worker and database are never a day apart. */
const DAY_MS = 86_400_000;

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
  if (step.part === HOURS_PART) {
    return writeHours(context, step, position ?? { after: [step.from, ''] });
  }
  if (step.part !== 'readme') return writeRaw(context, step, position);
  await context.archive.entry('README.txt', step.part, async (packer) => {
    await packer.write(encode(README));
    return null;
  });
  return null;
}
