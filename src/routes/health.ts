import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';
import { type Operation, operation } from '../http/operation.ts';
import { databaseAsSeen } from '../telemetry/last-seen.ts';
import { healthAnswer, liveAnswer, readyAnswer } from './answers/health.ts';

export type Check = 'connected' | 'disconnected';

/** A dependency that does not answer by then counts as away. */
const PATIENCE_MS = 3_000;

export async function check(work: () => Promise<unknown>): Promise<Check> {
  const patience = new Promise<never>((_, reject) => setTimeout(reject, PATIENCE_MS));
  try {
    await Promise.race([work(), patience]);
    return 'connected';
  } catch {
    return 'disconnected';
  }
}

export const checkCache = (c: Context<AppEnv>): Promise<Check> =>
  check(() => c.get('redis')().ping());

export const checkArchive = (c: Context<AppEnv>): Promise<Check> =>
  check(() => c.env.RAW.head('health'));

type Described = Pick<Operation, 'summary' | 'answer' | 'statuses'>;

const open = (path: string, described: Described, handler: Operation['steps'][number]) =>
  ({
    method: 'GET',
    path,
    ...described,
    scope: null,
    quota: 'none',
    bare: 'application/json',
    steps: [handler],
  }) satisfies Operation;

interface Dependencies {
  cache: Check;
  archive: Check;
}

/** Anybody may ask, as often as they like: what was found is the answer for so long. */
const REMEMBERED_MS = 10_000;
let remembered: { until: number; found: Dependencies } | null = null;

async function lookAround(c: Context<AppEnv>): Promise<Dependencies> {
  const now = Date.now();
  if (remembered !== null && now < remembered.until) return remembered.found;
  // While one looks, others are told what was found before: they cannot wait for the I/O of another request.
  if (remembered !== null) remembered.until = now + PATIENCE_MS;
  const [cache, archive] = await Promise.all([checkCache(c), checkArchive(c)]);
  remembered = { until: Date.now() + REMEMBERED_MS, found: { cache, archive } };
  return remembered.found;
}

/** Without its cache the server still does its work. */
const health = operation({
  method: 'GET',
  path: '/health',
  summary: 'Whether the server and what it depends on are well; the database as it was last seen.',
  scope: null,
  quota: 'none',
  bare: 'application/json',
  answer: healthAnswer,
  statuses: [200, 503],
  handler: async (c) => {
    const { cache, archive } = await lookAround(c);
    const database = databaseAsSeen();
    const works = database !== 'disconnected' && archive === 'connected';
    const status = !works ? 'unhealthy' : cache === 'connected' ? 'healthy' : 'degraded';
    const environment = c.get('settings').ENVIRONMENT;
    return c.json(
      { status, database, cache, archive, environment, timestamp: new Date().toISOString() },
      works ? 200 : 503,
    );
  },
});

const LIVE = { summary: 'Whether the Worker runs at all.', answer: liveAnswer };
const live = async (c: Context<AppEnv>) => c.json({ status: 'alive' });

const READY = {
  summary: 'Whether uploads can be taken: that is so while the archive can be reached.',
  answer: readyAnswer,
  statuses: [200, 503],
};
const ready = async (c: Context<AppEnv>) => {
  const { archive } = await lookAround(c);
  const isReady = archive === 'connected';
  return c.json({ status: isReady ? 'ready' : 'not_ready', archive }, isReady ? 200 : 503);
};

/** None of these wakes a sleeping database. */
export const healthRoutes = [
  health,
  open('/live', LIVE, live),
  open('/health/live', LIVE, live),
  open('/ready', READY, ready),
  open('/health/ready', READY, ready),
];
