import { v7 as uuidv7 } from 'uuid';
import * as rules from '../hae/settle.ts';
import { dispatch, jobsOf } from '../ingest/dispatch.ts';
import { kindOf } from '../ingest/faults.ts';
import { decodeSlice, readSliceBytes } from '../ingest/load.ts';
import { type Recut, recut } from '../ingest/recut.ts';
import type { FaultKind } from '../ingest/retry.ts';
import type { Counts, Ingestion } from '../model.ts';
import { DryRunTooLong, dryRun } from '../store/dry-run.ts';
import { receivedAtOf } from '../store/find-receipts.ts';
import {
  finishJob,
  finishStep,
  type ReplayStep,
  type StepEnding,
  takeSteps,
  toStep,
} from '../store/jobs.ts';
import { sumCounts } from '../store/sum-counts.ts';
import type { MaintenanceDependencies } from './dependencies.ts';

/** Replays all uploads of a person and a span: as a preview, of which nothing stays, or for good. */

const MAX_STEP_MS = 20_000;
const STEPS_AT_ONCE = 5;

/**
 * Goes on with a job, from the first upload that is not done.
 * @throws DatabaseUnreachable, StorageUnreachable: whoever calls, calls again
 */
export async function advanceReplay(
  id: string,
  dependencies: MaintenanceDependencies,
): Promise<'goes on' | 'ended'> {
  const { database } = dependencies;
  for (const end = Date.now() + MAX_STEP_MS; Date.now() < end; ) {
    const ids = Array.from({ length: STEPS_AT_ONCE }, () => uuidv7());
    const steps = (await database.query(takeSteps(id, ids))).map(toStep);
    for (const step of steps) {
      const ending = await attempt(step, dependencies);
      await database.query(finishStep(id, step.ordinal, ending));
    }
    if (steps.length < STEPS_AT_ONCE) {
      await database.query(finishJob(id));
      return 'ended';
    }
  }
  return 'goes on';
}

/** They say nothing of the upload: whoever calls, calls again. */
const PASSING: ReadonlySet<FaultKind> = new Set([
  'database_unavailable',
  'archive_unavailable',
  'unexplained',
]);

async function attempt(
  step: ReplayStep,
  dependencies: MaintenanceDependencies,
): Promise<StepEnding> {
  try {
    const received = await recut(dependencies.bucket, step.rawKey, dependencies.sliceBytes);
    const ingestion = ingestionOf(step, received);
    if (!step.applies) {
      return { counts: await preview(ingestion, received, dependencies), failure: null };
    }
    await dispatch(ingestion, { ...received, body: null }, { ...dependencies, deferSeconds: null });
    return { counts: null, failure: null };
  } catch (error) {
    const kind = kindOf(error);
    if (PASSING.has(kind) && !(error instanceof DryRunTooLong)) throw error;
    const failure = kind === 'body_gone' ? 'body_gone' : 'slice_not_loadable';
    return { counts: null, failure };
  }
}

const ingestionOf = (step: ReplayStep, { described }: Recut): Ingestion => ({
  id: step.replayId,
  userId: step.userId,
  keyId: step.keyId,
  receivedAt: receivedAtOf(step.replayId),
  saidAt: step.saidAt,
  replayOf: step.ingestionId,
  correlationId: step.correlationId,
  traceparent: null,
  timeZone: described?.timeZone ?? step.timeZone,
  automation: step.automation,
  idempotencyKey: null,
});

/** What each item would become. Slice by slice, so that an upload may be of any size. */
async function preview(
  ingestion: Ingestion,
  received: Recut,
  { bucket, database }: MaintenanceDependencies,
): Promise<Record<string, Counts>> {
  const metrics: Record<string, Counts> = {};
  for (const job of jobsOf(ingestion, received)) {
    const load = decodeSlice(job, await readSliceBytes(job, bucket));
    const receipt = await dryRun(database, [load], rules);
    for (const [metric, counts] of Object.entries(receipt.metrics)) {
      metrics[metric] = sumCounts([...(metrics[metric] ? [metrics[metric]] : []), counts]);
    }
  }
  return metrics;
}
