import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { AppEnv } from './context.ts';
import { type Operation, operationsAt } from './operation.ts';

/** What pages of other origins may ask and read, by the table of routes. Keys are sent by hand, never as cookies. */

const PREFLIGHT_SECONDS = 600;

/** Every header that an answer of some route has and a page may want. */
const EXPOSED = [
  'X-Correlation-Id',
  'Location',
  'Link',
  'ETag',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Idempotency-Replayed',
  'Accept-Ranges',
  'Content-Range',
  'Content-Disposition',
];

/** What each route reads. */
const ALWAYS = ['X-Correlation-Id', 'traceparent', 'If-None-Match'];
const WITH_KEY = ['Authorization', 'X-API-Key', 'api-key'];
const WITH_BODY = ['Content-Type'];
const WITH_PAYLOAD = [
  ...WITH_BODY,
  'Content-Encoding',
  'Idempotency-Key',
  'automation-name',
  'automation-id',
  'automation-aggregation',
  'automation-period',
  'session-id',
];

const requestHeadersOf = ({ scope, json, takesPayload, headers = [] }: Operation): string[] => [
  ...ALWAYS,
  ...(scope === null ? [] : WITH_KEY),
  ...(json === undefined ? [] : WITH_BODY),
  ...(takesPayload ? WITH_PAYLOAD : []),
  ...headers,
];

/** Only origins that the operator has listed may ask. */
const corsOf = (asked: readonly Operation[]): MiddlewareHandler<AppEnv> =>
  cors({
    origin: (origin, c) => (c.get('settings').CORS_ORIGINS.includes(origin) ? origin : null),
    allowMethods: [...new Set(asked.map(({ method }) => method))],
    allowHeaders: [...new Set([...ALWAYS, ...asked.flatMap(requestHeadersOf)])],
    exposeHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
  });

/** A preflight hears the methods and headers of the routes at its path. */
export function crossOrigin(operations: readonly Operation[]): MiddlewareHandler<AppEnv> {
  const forAnswers = corsOf([]);
  return (c, next) => {
    // Only a browser names an origin, and only its pages need the headers.
    if (c.req.header('origin') === undefined) return next();
    if (c.req.method !== 'OPTIONS') return forAnswers(c, next);
    return corsOf(operationsAt(operations, c.req.path))(c, next);
  };
}
