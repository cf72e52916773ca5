import { env } from 'cloudflare:test';
import { expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/database.ts';
import { createApp } from '../../src/http/app.ts';
import { OPERATIONS } from '../../src/routes/index.ts';

/**
 * At Cloudflare a client that hangs up cancels what its request awaits, but not what was given to `waitUntil`. The
 * runtime on this machine cancels nothing, so what is proven here is that the way of an upload is among those.
 */

const servers = inject('servers');
const app = createApp(OPERATIONS);
const ENV: Env = { ...env, NEON_ENDPOINT: servers.neon, UPSTASH_REDIS_REST_URL: servers.away };

const BODY = JSON.stringify({
  data: {
    metrics: [
      {
        name: 'step_count',
        units: 'count',
        data: [{ qty: 7, date: '2026-03-01 08:00:00 +0000', source: 'A phone that hangs up' }],
      },
    ],
  },
});

it('the way of an upload is waited for from before its body ends to its closed receipt', async () => {
  const left: Promise<unknown>[] = [];
  const context = Object.assign(Object.create(null), {
    waitUntil: (work: Promise<unknown>) => left.push(work),
    passThroughOnException: () => {},
  });
  let sendBody = () => {};
  const sent = new Promise<void>((resolve) => {
    sendBody = resolve;
  });
  let isRead = false;
  const body = new ReadableStream({
    type: 'bytes',
    pull: async (controller) => {
      isRead = true;
      await sent;
      controller.enqueue(new TextEncoder().encode(BODY));
      controller.close();
    },
  });
  const request = new Request('https://self-sensored.test/api/v1/sync', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${servers.ada.keys.ing}`,
      'x-correlation-id': 'hung-up',
    },
    body,
  });
  const answered = Promise.resolve(app.fetch(request, ENV, context));
  for (let tries = 0; tries < 500 && !isRead; tries++) await scheduler.wait(20);
  expect(isRead).toBe(true);
  const waitedFor = [...left];
  sendBody();
  await Promise.all(waitedFor);
  const database = openDatabase({
    DATABASE_URL: ENV.DATABASE_URL,
    NEON_ENDPOINT: servers.neon,
    ENVIRONMENT: 'local',
  });
  const [receipt] = await database.query({
    text: `select status, completed_at from ingestions where correlation_id = 'hung-up'`,
    params: [],
  });
  expect(receipt).toMatchObject({ status: 'stored', completed_at: expect.anything() });
  await answered;
});
