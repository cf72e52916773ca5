import { sweepErased } from '../erase/run.ts';
import { expireExports } from '../export/remove.ts';
import type { Json } from '../model.ts';
import { SELECT_STALLED_JOBS } from '../store/jobs.ts';
import type { Findings } from '../store/maintenance-tasks.ts';
import { ensureUpcomingPartitions } from '../store/partitions.ts';
import { RETIRE_PARTITIONS } from '../store/retention.ts';
import { adoptStep, LATE_HOURS } from './adopt-step.ts';
import type { TaskName } from './crons.ts';
import type { JobDependencies } from './dependencies.ts';
import { dropEmpty } from './empty-partitions.ts';
import { expireObjects } from './expire-objects.ts';
import { enqueueJobs } from './job-message.ts';
import { isMarkedOpen, markOpen, unmarkOpen } from './open-mark.ts';
import { checkRecent, checkSample } from './receipts.ts';
import { resendOpen } from './resend.ts';
import { isAnyHeld, takeInHeld } from './take-in.ts';
import type { Task, TaskStep } from './task.ts';
import { checkTotals, enqueueStale } from './totals.ts';

const AT_ONCE = { afterSeconds: 0 };

/**
 * Every task is bounded by names: a step takes some hundred requests of the ten thousand that an invocation has, and
 * none takes more because there are more people.
 */
export const TASKS: Readonly<Record<TaskName, Task>> = {
  take_in: {
    isDue: ({ bucket }) => isAnyHeld(bucket),
    step: async (cursor, dependencies) => {
      const wanted = { after: idOf(cursor), max: MAX_HELD };
      const { found, next } = await takeInHeld(wanted, dependencies);
      if (found.taken > 0) await markOpen(dependencies.redis);
      return walked({ ...found }, next);
    },
  },
  sweep: {
    isDue: ({ redis }) => isMarkedOpen(redis),
    step: async (_, dependencies) => {
      const swept = await resend(dependencies);
      if (swept.findings.open === 0) await unmarkOpen(dependencies.redis);
      return swept;
    },
  },
  resend: { step: (_, dependencies) => resend(dependencies) },
  wake_jobs: { step: (_, dependencies) => wakeJobs(dependencies) },
  adopt: { step: (cursor, dependencies) => adoptStep(cursor, 0, dependencies) },
  // Once more, for bodies that took long to come: they lie under the hour in which their upload began.
  adopt_late: { step: (cursor, dependencies) => adoptStep(cursor, LATE_HOURS, dependencies) },
  sweep_erased: {
    step: async (cursor, dependencies) => {
      const { erasures, next } = await sweepErased(dependencies, idOf(cursor));
      return walked({ erasures }, next);
    },
  },
  check_receipts: { step: checkRecent },
  sample_receipts: { step: (_, dependencies) => checkSample(dependencies) },
  check_totals: {
    step: async (_, dependencies) => walked(await checkTotals(dependencies), null),
  },
  recompute: { step: enqueueStale },
  partitions: { step: (_, dependencies) => tendPartitions(dependencies) },
  drop_partitions: {
    step: async (_, { database }) => walked({ dropped: await dropEmpty(database) }, null),
  },
  expire_exports: {
    step: async (_, dependencies) => {
      const { expired, isLast } = await expireExports(dependencies);
      return { findings: { expired }, cursor: null, next: isLast ? 'done' : AT_ONCE };
    },
  },
  expire_objects: {
    step: async (cursor, { bucket, isLocal }) => {
      if (!isLocal) return walked({ objects: 0 }, null);
      const { objects, next } = await expireObjects(bucket, idOf(cursor));
      return walked({ objects }, next);
    },
  },
};

/** Uploads of a step, which take some eight requests each. */
const MAX_HELD = 100;

/** A run that walks from the first to the last. @param next `null`: that was the last */
const walked = (findings: Findings, next: string | null): TaskStep => ({
  findings,
  cursor: next,
  next: next === null ? 'done' : AT_ONCE,
});

/** @returns `null` for the beginning */
const idOf = (cursor: Json): string | null => (typeof cursor === 'string' ? cursor : null);

/** Those that it takes up are not taken up again soon, so it ends. */
async function resend(dependencies: JobDependencies): Promise<TaskStep> {
  const { taken, open, ...resent } = await resendOpen(dependencies);
  const isLast = taken === 0;
  const findings: Findings = { ...resent, ...(isLast ? { open } : {}) };
  return { findings, cursor: null, next: isLast ? 'done' : AT_ONCE };
}

async function wakeJobs({ database, work }: JobDependencies): Promise<TaskStep> {
  const stalled = await database.query(SELECT_STALLED_JOBS);
  await enqueueJobs(
    work,
    stalled.map(({ id }) => ({ job: String(id) })),
  );
  return { findings: { woken: stalled.length }, cursor: null, next: 'done' };
}

async function tendPartitions({ database }: JobDependencies): Promise<TaskStep> {
  await database.query(ensureUpcomingPartitions(Date.now()));
  const retired = await database.query(RETIRE_PARTITIONS);
  const outcomes = retired.map(({ partition, outcome }) => `${partition}: ${outcome}`);
  return { findings: { retired: outcomes }, cursor: null, next: 'done' };
}
