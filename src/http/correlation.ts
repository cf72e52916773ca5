import { createMiddleware } from 'hono/factory';
import { log } from '../log.ts';
import type { AppEnv } from './context.ts';

/** Ids that are safe in a header, a log line and a column. */
const SAFE_ID = /^[\w.:-]{1,128}$/;

/** Gives the request an id, or keeps the one it came with, and writes its one line of log. */
export const correlation = createMiddleware<AppEnv>(async function correlate(c, next) {
  const given = c.req.header('x-correlation-id');
  const id = given !== undefined && SAFE_ID.test(given) ? given : crypto.randomUUID();
  c.set('correlationId', id);
  const started = Date.now();
  await next();
  c.header('X-Correlation-Id', id);
  log(c.res.status >= 500 ? 'error' : 'info', 'request', {
    correlation_id: id,
    user_id: c.get('identity')?.userId ?? null,
    endpoint: `${c.req.method} ${c.req.path}`,
    status: c.res.status,
    duration_ms: Date.now() - started,
  });
});
