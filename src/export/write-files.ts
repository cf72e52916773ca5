import type { ExportRow } from '../read/export-rows.ts';
import { type ExportTable, exportTable } from '../read/export-tables.ts';
import type { PlanStep, StepPosition } from '../store/exports.ts';
import { type ExportContext, encode } from './context.ts';
import { toGpx } from './gpx.ts';
import { readPage } from './pages.ts';

/** Rows that get a file of their own each, in a form that other programs read. */
interface FileKind {
  table: ExportTable;
  path(row: ExportRow): string;
  text(row: ExportRow): string;
}

const ROUTES = exportTable('routes');
const RECORDINGS = exportTable('ecg');
if (ROUTES === undefined || RECORDINGS === undefined) throw new Error('A table is missing');

const NAME_OF_WORKOUT = '(select name from workouts where workouts.id = t.workout_id limit 1)';

export const FILE_KINDS: Readonly<Record<string, FileKind>> = {
  gpx: {
    table: {
      ...ROUTES,
      columns: [...ROUTES.columns, { name: 'name', kind: 'text', sql: NAME_OF_WORKOUT }],
    },
    path: ({ started_at, workout }) => `routes/gpx/${momentOf(started_at)}-${workout}.gpx`,
    text: toGpx,
  },
  ecg_csv: {
    table: RECORDINGS,
    path: ({ started_at, series }) => `ecg/csv/${momentOf(started_at)}-${series}.csv`,
    text: toVoltages,
  },
};

/** Files of one call: some seconds of work. */
const MOST_FILES = 100;

/** @returns where to go on; `null` if that was all */
export async function writeFiles(
  context: ExportContext,
  { table, path, text }: FileKind,
  step: PlanStep,
  position: StepPosition | null,
): Promise<StepPosition | null> {
  let after = position?.after ?? null;
  for (let files = 0; files < MOST_FILES; ) {
    const page = await readPage(context, table, step, after);
    for (const row of page.rows) {
      await context.archive.entry(path(row), step.part, async (packer) => {
        await packer.write(encode(text(row)));
        return null;
      });
    }
    files += page.rows.length;
    if (page.next === null) return null;
    after = page.next;
  }
  return after === null ? null : { after, file: 0 };
}

/** For a file name: without what file systems refuse. */
const momentOf = (instant: unknown): string => String(instant).replaceAll(/[:.]/g, '-');

function toVoltages(recording: ExportRow): string {
  const voltages = JSON.parse(String(recording.voltages)) as number[];
  const frequency = Number(recording.sampling_frequency ?? 0);
  const lines = voltages.map((voltage, i) =>
    frequency > 0 ? `${i / frequency},${voltage}` : `,${voltage}`,
  );
  return `seconds,microvolt\r\n${lines.join('\r\n')}\r\n`;
}
