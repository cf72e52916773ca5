import { sweepErased } from '../erase/run.ts';
import { expireExports } from '../export/remove.ts';
import { faultOf } from '../ingest/faults.ts';
import { log } from '../log.ts';
import type { Redis } from '../redis.ts';
import { SELECT_STALLED_JOBS } from '../store/jobs.ts';
import { ensureUpcomingPartitions } from '../store/partitions.ts';
import { hourOf } from '../store/raw-keys.ts';
import { RETIRE_PARTITIONS } from '../store/retention.ts';
import { keepRun } from '../store/upkeep-runs.ts';
import { CRONS, isCron, type Task } from './crons.ts';
import type { MaintenanceDependencies } from './dependencies.ts';
import { dropEmpty } from './empty-partitions.ts';
import { isMarkedOpen, markOpen, unmarkOpen } from './open-mark.ts';
import { reconcile } from './reconcile.ts';
import { resendOpen } from './resend.ts';
import { isAnyHeld, takeInHeld } from './take-in.ts';
import { checkTotals } from './totals.ts';

/** What is done by the clock. */

export interface ScheduleDependencies extends MaintenanceDependencies {
  redis: Redis;
}

/** @returns what was found, for the log and for `upkeep_runs`; `null` if there was nothing to look at. */
type Work = (dependencies: ScheduleDependencies) => Promise<object | null>;

const TASKS: Readonly<Record<Task, Work>> = {
  sweep,
  reconcile: reconcileRecent,
  partitions: tendPartitions,
};

/** Does the task of a cron expression, and writes down what came of it. @throws what the task throws */
export async function runScheduled(
  cron: string,
  dependencies: ScheduleDependencies,
): Promise<void> {
  if (!isCron(cron)) throw new Error(`Nothing is to be done at ${cron}`);
  const task = CRONS[cron];
  const started = Date.now();
  try {
    const findings = await TASKS[task](dependencies);
    if (findings === null) return;
    await dependencies.database.query(keepRun(task, findings));
    const duration_ms = Date.now() - started;
    log('info', 'upkeep', { task, duration_ms, findings: JSON.stringify(findings) });
  } catch (error) {
    log('error', 'upkeep failed', { task, fault: faultOf(error) });
    throw error;
  }
}

async function sweep(dependencies: ScheduleDependencies): Promise<object | null> {
  const { redis } = dependencies;
  const held = await takeInHeld(dependencies);
  if (held.taken > 0) await markOpen(redis);
  if (!(await isMarkedOpen(redis))) return isAnyHeld(held) ? { held } : null;
  const resent = await resendOpen(dependencies);
  if (resent.open === 0) await unmarkOpen(redis);
  return { ...resent, held };
}

/** An upload is adopted within two days, or by hand. */
const HOURS_BACK_MS = 2 * 86_400_000;

async function reconcileRecent(dependencies: ScheduleDependencies): Promise<object> {
  const woken = { jobs_woken: await wakeJobs(dependencies) };
  const { erasures } = await sweepErased(dependencies, null);
  const hours = { userId: null, to: hourOf(Date.now()) };
  const from = { hour: hourOf(Date.now() - HOURS_BACK_MS), after: null };
  const mended = await reconcile(hours, from, dependencies);
  return { ...mended, ...woken, erasures_swept: erasures, ...(await checkTotals(dependencies)) };
}

async function wakeJobs({ database, lanes }: MaintenanceDependencies): Promise<number> {
  const stalled = await database.query(SELECT_STALLED_JOBS);
  for (const { id } of stalled) await lanes.backfill.send({ version: 1, job: String(id) });
  return stalled.length;
}

async function tendPartitions(dependencies: MaintenanceDependencies): Promise<object> {
  const { database } = dependencies;
  await database.query(ensureUpcomingPartitions(Date.now()));
  const retired = await database.query(RETIRE_PARTITIONS);
  return {
    retired: retired.map(({ partition, outcome }) => `${partition}: ${outcome}`),
    empty_partitions_dropped: await dropEmpty(database),
    exports_expired: await expireExports(dependencies),
  };
}
