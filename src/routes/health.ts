import type { Context } from 'hono';
import { openDatabase } from '../database.ts';
import type { AppEnv } from '../http/context.ts';
import { operation } from '../http/operation.ts';
import { openRedis } from '../redis.ts';

type Check = 'connected' | 'disconnected';

/** A dependency that does not answer by then counts as away. */
const PATIENCE_MS = 3_000;

async function check(work: () => Promise<unknown>): Promise<Check> {
  const patience = new Promise<never>((_, reject) => setTimeout(reject, PATIENCE_MS));
  try {
    await Promise.race([work(), patience]);
    return 'connected';
  } catch {
    return 'disconnected';
  }
}

async function checkAll(c: Context<AppEnv>) {
  const settings = c.get('settings');
  const [database, cache, archive] = await Promise.all([
    check(() => openDatabase(settings).query({ text: 'select 1', params: [] })),
    check(() => openRedis(settings).ping()),
    check(() => c.env.RAW.head('health')),
  ]);
  return { database, cache, archive };
}

/** Without its cache the server still does its work. */
const health = operation({
  method: 'GET',
  path: '/health',
  summary: 'Whether the server and all it depends on are well.',
  scope: null,
  quota: 'none',
  handler: async (c) => {
    const checks = await checkAll(c);
    const works = checks.database === 'connected' && checks.archive === 'connected';
    const status = !works ? 'unhealthy' : checks.cache === 'connected' ? 'healthy' : 'degraded';
    return c.json(
      {
        status,
        ...checks,
        environment: c.get('settings').ENVIRONMENT,
        timestamp: new Date().toISOString(),
      },
      works ? 200 : 503,
    );
  },
});

const live = operation({
  method: 'GET',
  path: '/live',
  summary: 'Whether the Worker runs at all.',
  scope: null,
  quota: 'none',
  handler: async (c) => c.json({ status: 'alive' }),
});

const ready = operation({
  method: 'GET',
  path: '/ready',
  summary: 'Whether uploads can be taken: that is so while the archive can be reached.',
  scope: null,
  quota: 'none',
  handler: async (c) => {
    const archive = await check(() => c.env.RAW.head('health'));
    const isReady = archive === 'connected';
    return c.json({ status: isReady ? 'ready' : 'not_ready', archive }, isReady ? 200 : 503);
  },
});

export const healthRoutes = [health, live, ready];
