import { keepRest, removeRest } from '../store/export-object.ts';
import { keepProgress, type StepPosition } from '../store/exports.ts';
import type { ExportContext } from './context.ts';
import { doStep } from './plan.ts';

/** The row of the export is gone, or another works on it: whatever was written counts no more. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

const MAX_STEP_MS = 20_000;
/** What is lost with an isolate, at most: so much is written anew by who takes it up. */
const COMMIT_MS = 5_000;
const COMMIT_BYTES = 32 * 1024 * 1024;

interface Written {
  isComplete: boolean;
  /** The number of the side object. */
  rest: number;
}

/** Writes step after step of the plan, and commits now and then. @throws LeaseLost, UploadGone, and what steps throw */
export async function writeSteps(context: ExportContext, lease: string): Promise<Written> {
  const { job, archive } = context;
  let { step, position, rest } = job;
  let last = { bytes: archive.bytes, at: Date.now() };
  const commit = async () => {
    rest = await commitProgress(context, lease, { step, position, rest, since: last.bytes });
    last = { bytes: archive.bytes, at: Date.now() };
  };
  for (const end = Date.now() + MAX_STEP_MS; Date.now() < end; ) {
    const next = job.plan[step];
    if (next === undefined) break;
    position = await doStep(context, next, position);
    if (position === null) step++;
    const isDue = Date.now() - last.at > COMMIT_MS || archive.bytes - last.bytes > COMMIT_BYTES;
    if (isDue) await commit();
  }
  await commit();
  return { isComplete: step >= job.plan.length, rest };
}

interface Standing {
  step: number;
  position: StepPosition | null;
  rest: number;
  /** Bytes at the commit before. */
  since: number;
}

/** The side object first, under a new number; then the row, which names it. @returns its number */
async function commitProgress(
  { archive, bucket, database, job }: ExportContext,
  lease: string,
  { step, position, rest, since }: Standing,
): Promise<number> {
  const hasGrown = archive.bytes > since;
  const next = hasGrown ? rest + 1 : rest;
  if (hasGrown) await keepRest(bucket, job, next, archive.rest);
  const { bytes, parts, files } = archive;
  const progress = { step, position, parts, rest: next, bytes, files: [...files] };
  const [kept] = await database.query(keepProgress(job.id, lease, progress));
  if (kept === undefined) {
    if (hasGrown) await removeRest(bucket, job, next);
    throw new LeaseLost('The export is not there any more');
  }
  files.length = 0;
  if (hasGrown && rest > 0) await removeRest(bucket, job, rest);
  return next;
}
