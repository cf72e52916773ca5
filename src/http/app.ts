import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { DatabaseFault, DatabaseUnreachable, openDatabase } from '../database.ts';
import { readApiSettings, SettingsError } from '../env.ts';
import { log } from '../log.ts';
import { openRedis } from '../redis.ts';
import { ZONE_UNKNOWN } from '../store/preferences.ts';
import { isolateMeter } from '../telemetry/isolate-meter.ts';
import { observed } from '../telemetry/observed-database.ts';
import type { AppEnv } from './context.ts';
import { correlation } from './correlation.ts';
import { crossOrigin } from './cross-origin.ts';
import { once } from './once.ts';
import { limitOpen } from './open.ts';
import { type Operation, operationsAt } from './operation.ts';
import { HttpProblem, problem } from './problem.ts';
import { securityHeaders } from './security.ts';

/** Builds the API from its table of routes. */
export function createApp(operations: readonly Operation[]): Hono<AppEnv> {
  // Not strict: a slash at the end of a URL that was typed into a phone changes nothing.
  const app = new Hono<AppEnv>({ strict: false });

  app.use(correlation);
  app.use(securityHeaders);
  app.use(async function readSettings(c, next) {
    const settings = readApiSettings(c.env);
    c.set('settings', settings);
    const trace = c.get('trace');
    c.set(
      'redis',
      once(() => openRedis(settings)),
    );
    c.set('database', observed(openDatabase(settings), { meter: isolateMeter, trace }));
    await next();
  });
  app.use(crossOrigin(operations));
  for (const { method, path, scope, steps } of operations) {
    app.on([method], [path], ...(scope === null ? [limitOpen] : []), ...steps);
  }

  app.notFound((c) => {
    const here = operationsAt(operations, c.req.path);
    if (here.length === 0) return problem(c, 'not_found', { detail: ELSEWHERE });
    const methods = here.map(({ method }) => method);
    return problem(c, 'method_not_allowed', {
      detail: here.some(({ takesPayload }) => takesPayload)
        ? FOR_UPLOADS
        : `Use ${methods.join(' or ')}.`,
      headers: { Allow: methods.join(', ') },
    });
  });
  app.onError((error, c) => {
    if (error instanceof HttpProblem) return problem(c, error.code, error.particulars);
    if (isUnknownZone(error) && c.req.query('tz') !== undefined)
      return problem(c, 'invalid_parameter', ZONE);
    if (error instanceof DatabaseUnreachable) {
      log('warn', 'database unavailable', {
        correlation_id: c.get('correlationId'),
        fault: error.message,
      });
      return problem(c, 'database_unavailable');
    }
    // Hono's own: a JSON body that does not parse.
    if (error instanceof HTTPException && error.status === 400) return problem(c, 'invalid_json');
    // The words of an unknown error may quote data; its name and its place do not.
    const detail = error instanceof SettingsError ? error.message : error.name;
    log('error', 'unexpected error', { correlation_id: c.get('correlationId'), error: detail });
    return problem(c, 'internal_error');
  });
  return app;
}

const ELSEWHERE = 'Health Auto Export posts to /api/v1/sync; /docs lists every path that there is.';
const FOR_UPLOADS =
  'This address takes uploads, with POST: it is the URL for Health Auto Export (Automations, REST API), with the header Authorization: Bearer and an ingest key. What has arrived is told by GET /api/v1/ingestions.';

/** The runtime knows some names of zones that Postgres does not. */
const isUnknownZone = (error: unknown): boolean =>
  error instanceof DatabaseFault && error.code === ZONE_UNKNOWN;

const ZONE = {
  errors: [
    {
      pointer: 'tz',
      code: 'custom',
      message: 'The database does not know this time zone. Take another name of it.',
    },
  ],
};
