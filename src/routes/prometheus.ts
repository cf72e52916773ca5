import { z } from 'zod';
import type { Database } from '../database.ts';
import { operation } from '../http/operation.ts';
import { sealKey } from '../keys/seal.ts';
import { SELECT_STATE, type State, toState } from '../read/state.ts';
import { openRedis } from '../redis.ts';
import { exposition } from '../telemetry/exposition.ts';
import { gaugesOf } from '../telemetry/gauges.ts';
import { isolateMeter } from '../telemetry/isolate-meter.ts';
import { flush, readCounters } from '../telemetry/shared-counters.ts';
import { VERSION } from '../version.ts';
import { metricsTextAnswer } from './answers/health.ts';
import { queuesOf } from './queues.ts';

/** What Prometheus scrapes. */
export const metricsText = operation({
  method: 'GET',
  path: '/metrics',
  summary:
    'Counters and gauges in the Prometheus text format; `database=false` lets a database sleep.',
  scope: 'admin',
  quota: 'none',
  query: z.object({
    database: z.stringbool().default(true).describe('Whether the database is asked, too.'),
  }),
  id: 'getPrometheusMetrics',
  bare: 'text/plain',
  answer: metricsTextAnswer,
  handler: async (c, { query: { database: asksDatabase } }) => {
    const settings = c.get('settings');
    const redis = openRedis(settings);
    await flush(isolateMeter, redis);
    const [counters, queues, state] = await Promise.all([
      readCounters(redis).catch(() => new Map<string, number>()),
      queuesOf(c),
      asksDatabase ? stateOf(c.get('database'), settings.KEY_PEPPER) : null,
    ]);
    const gauges = gaugesOf({
      version: VERSION,
      queues,
      state,
      databaseAsked: asksDatabase,
      now: Date.now(),
    });
    return c.text(exposition(new Map([...counters, ...gauges])), 200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    });
  },
});

/** A person is the same from scrape to scrape, but cannot be looked up without the pepper. */
async function stateOf(database: Database, pepper: string) {
  const [row] = await database.query(SELECT_STATE).catch(() => []);
  if (row === undefined) return null;
  const state = toState(row);
  return { ...state, lastUploads: await Promise.all(state.lastUploads.map(hashedWith(pepper))) };
}

const PERSON_DIGITS = 12;

const hashedWith =
  (pepper: string) =>
  async ({ userId, at }: State['lastUploads'][number]) => ({
    person: (await sealKey(pepper, `person ${userId}`)).slice(0, PERSON_DIGITS),
    at,
  });
