import { z } from 'zod';
import type { Database } from '../database.ts';
import { operation } from '../http/operation.ts';
import { personTag } from '../keys/person-tag.ts';
import { SELECT_STATE, toState } from '../read/state.ts';
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
    const redis = c.get('redis')();
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

async function stateOf(database: Database, pepper: string) {
  const [row] = await database.query(SELECT_STATE).catch(() => []);
  if (row === undefined) return null;
  const state = toState(row);
  const tagged = state.lastUploads.map(async ({ userId, at }) => ({
    person: await personTag(pepper, userId),
    at,
  }));
  return { ...state, lastUploads: await Promise.all(tagged) };
}
