import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';
import { operation } from '../http/operation.ts';
import { LATE_AFTER_MS, type TaskName } from '../maintenance/crons.ts';
import { SELECT_STATE, type State, toState } from '../read/state.ts';
import { VERSION } from '../version.ts';
import { detailedHealthAnswer } from './answers/health.ts';
import { checkArchive, checkCache } from './health.ts';
import { queuesOf } from './queues.ts';

/** The sweeper should have closed a receipt long before. */
const OPEN_LATE_MS = 3_600_000;
const CLOCK_SKEW_MS = 60_000;

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Everything an operator wants to know at once. This one asks the database. */
export const detailedHealth = operation({
  method: 'GET',
  path: '/health/detailed',
  summary: 'How every part is, what upkeep last found, and what is wrong, each with its cure.',
  scope: 'admin',
  quota: 'none',
  bare: 'application/json',
  answer: detailedHealthAnswer,
  statuses: [200, 503],
  handler: async (c) => {
    const [cache, archive, queues, asked] = await Promise.all([
      checkCache(c),
      checkArchive(c),
      queuesOf(c),
      askState(c),
    ]);
    const alarms = [
      ...(archive === 'connected'
        ? []
        : ['The archive cannot be reached: no upload can be taken.']),
      ...(cache === 'connected'
        ? []
        : ['Redis cannot be reached: no quotas, keys are slow to check.']),
      ...(asked === null
        ? ['The database cannot be reached: uploads are archived, and wait in the queue.']
        : alarmsOf(asked.state)),
    ];
    const works = asked !== null && archive === 'connected';
    const now = Date.now();
    return c.json(
      {
        status: !works ? 'unhealthy' : alarms.length > 0 ? 'degraded' : 'healthy',
        alarms,
        version: VERSION,
        environment: c.get('settings').ENVIRONMENT,
        archive: { state: archive },
        cache: { state: cache },
        database: databasePart(asked),
        queues: queues.map(({ queue, messages, oldestAt }) => ({
          queue,
          messages,
          oldest_seconds: oldestAt === null ? null : (now - oldestAt) / 1000,
        })),
        receipts: asked && {
          open: asked.state.open,
          oldest_open_at: iso(asked.state.oldestOpenAt),
          failed_last_day: asked.state.failedLastDay,
          not_closing: asked.state.notClosing,
        },
        totals: asked && {
          differing: asked.state.totalsDiffering,
          metrics_waiting: asked.state.staleMetrics,
        },
        jobs_running: asked?.state.jobsRunning ?? null,
        upkeep: asked?.state.upkeep.map(({ task, ranAt, findings }) => ({
          task,
          ran_at: iso(ranAt),
          findings,
        })),
        timestamp: new Date(now).toISOString(),
      },
      works ? 200 : 503,
    );
  },
});

interface Asked {
  state: State;
  latencyMs: number;
}

async function askState(c: Context<AppEnv>): Promise<Asked | null> {
  const started = Date.now();
  const [row] = await c
    .get('database')
    .query(SELECT_STATE)
    .catch(() => []);
  return row === undefined ? null : { state: toState(row), latencyMs: Date.now() - started };
}

const databasePart = (asked: Asked | null) =>
  asked === null
    ? { state: 'disconnected' }
    : {
        state: 'connected',
        version: asked.state.version,
        latency_ms: asked.latencyMs,
        partitions_until: iso(asked.state.partitionsUntil),
      };

function alarmsOf(state: State): string[] {
  const late = (at: number, patience: number): boolean => at < state.now - patience;
  const overdue = lateTasks(state);
  const skew = Math.abs(Date.now() - state.now);
  return [
    ...(state.notClosing > 0
      ? [
          `${state.notClosing} receipts do not add up: see the findings of check_receipts and sample_receipts, and replay them.`,
        ]
      : []),
    ...(state.totalsDiffering > 0
      ? [`${state.totalsDiffering} totals of days did not match their samples, and are made anew.`]
      : []),
    ...(state.oldestOpenAt !== null && late(state.oldestOpenAt, OPEN_LATE_MS)
      ? [`${state.open} receipts are open, the oldest since ${iso(state.oldestOpenAt)}: reconcile.`]
      : []),
    ...(state.failedLastDay > 0
      ? [
          `${state.failedLastDay} uploads of the last day failed: their receipts say why; replay them.`,
        ]
      : []),
    ...(overdue.length > 0
      ? [
          `Maintenance is late (${overdue.join(', ')}): see the cron triggers and the work queue of the consumer.`,
        ]
      : []),
    ...(skew > CLOCK_SKEW_MS
      ? [`The clocks of Worker and database are ${Math.round(skew / 1000)} s apart.`]
      : []),
  ];
}

/** One that has never run is late so long after the installation was made, or migrated. */
function lateTasks({ upkeep, migratedAt, now }: State): TaskName[] {
  const ranAt = new Map(upkeep.map((run) => [run.task, run.ranAt]));
  return [...LATE_AFTER_MS]
    .filter(([task, lateMs]) => (ranAt.get(task) ?? migratedAt) < now - lateMs)
    .map(([task]) => task);
}
