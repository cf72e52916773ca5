/**
 * What is done by schedule, and when (UTC). The expressions stand in wrangler.consumer.toml, too; a test compares them.
 * A cron does nothing but send a message for each of its tasks: each has invocations of its own, and one that fails
 * stops no other.
 */
export const CRONS = {
  '*/10 * * * *': ['take_in', 'sweep'],
  '17 * * * *': [
    'resend',
    'wake_jobs',
    'adopt',
    'adopt_late',
    'sweep_erased',
    'check_receipts',
    'check_totals',
    'recompute',
  ],
  '43 3 * * *': [
    'partitions',
    'drop_partitions',
    'expire_exports',
    'expire_objects',
    'sample_receipts',
  ],
} as const;

export type TaskName = (typeof CRONS)[keyof typeof CRONS][number];

export const TASK_NAMES: readonly TaskName[] = Object.values(CRONS).flat();

export const isCron = (cron: string): cron is keyof typeof CRONS => Object.hasOwn(CRONS, cron);

const HOUR_MS = 3_600_000;

/**
 * How long after its last complete run a task is late: missed twice. Not those that run only where something was left
 * open (`take_in`, `sweep`), or that may well take hours (`recompute`).
 */
export const LATE_AFTER_MS: ReadonlyMap<TaskName, number> = new Map([
  ...CRONS['17 * * * *']
    .filter((task) => task !== 'recompute')
    .map((task) => [task, 2 * HOUR_MS] as const),
  ...CRONS['43 3 * * *'].map((task) => [task, 49 * HOUR_MS] as const),
]);
