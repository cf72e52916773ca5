import { advanceErasure } from '../erase/run.ts';
import { advanceExport } from '../export/run.ts';
import { log } from '../log.ts';
import { selectJobKind } from '../store/jobs.ts';
import type { JobDependencies } from './dependencies.ts';
import { enqueueJob, type JobMessage } from './job-message.ts';
import { runTask } from './run-task.ts';
import { advanceReplay } from './time-machine.ts';
import { recomputeTotals } from './totals.ts';

/** A step of long work of every kind: a message names it, a step is done, and the next message is sent. */

export type Progress = 'goes on' | 'ended' | 'not due' | 'done by another';

const KINDS: Readonly<
  Record<string, (id: string, dependencies: JobDependencies) => Promise<Progress>>
> = {
  replay: advanceReplay,
  export: advanceExport,
  erasure: advanceErasure,
};

/** @throws what the work throws: whoever calls, calls again */
export async function doStep(step: JobMessage, dependencies: JobDependencies): Promise<Progress> {
  if ('task' in step) return runTask(step.task, dependencies);
  if ('totals' in step) {
    const waitSeconds = await recomputeTotals(step.totals, dependencies);
    if (waitSeconds === null) return 'ended';
    await enqueueJob(dependencies.work, step, waitSeconds);
    return 'goes on';
  }
  const progress = await advanceJob(step.job, dependencies);
  if (progress === 'goes on') await enqueueJob(dependencies.work, step);
  return progress;
}

async function advanceJob(id: string, dependencies: JobDependencies): Promise<Progress> {
  const [row] = await dependencies.database.query(selectJobKind(id));
  if (row === undefined) return 'ended';
  const kind = String(row.kind);
  // Should the step end the isolate, this line says whose it was. The id of an erasure opens its receipt.
  log('info', 'job step begins', { kind, job: kind === 'erasure' ? null : id });
  return (await KINDS[kind]?.(id, dependencies)) ?? 'ended';
}
