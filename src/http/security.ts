import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from './context.ts';

const TWO_YEARS_SECONDS = 63_072_000;

/** An API that shows no pages: nothing may be loaded, framed or guessed. */
export const securityHeaders: MiddlewareHandler<AppEnv> = secureHeaders({
  strictTransportSecurity: `max-age=${TWO_YEARS_SECONDS}; includeSubDomains`,
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  permissionsPolicy: {},
});

/** Pages of other origins may ask only if the operator has listed them. Keys are sent by hand, never as cookies. */
export const crossOrigin: MiddlewareHandler<AppEnv> = cors({
  origin: (origin, c) => (c.get('settings').CORS_ORIGINS.includes(origin) ? origin : null),
  allowMethods: ['GET', 'POST', 'DELETE'],
  allowHeaders: [
    'Authorization',
    'X-API-Key',
    'Content-Type',
    'X-Correlation-Id',
    'Idempotency-Key',
    'traceparent',
    'Range',
    'If-Range',
    'X-Confirm',
  ],
  exposeHeaders: [
    'X-Correlation-Id',
    'Location',
    'RateLimit',
    'RateLimit-Policy',
    'Retry-After',
    'ETag',
    'Accept-Ranges',
    'Content-Range',
    'Content-Disposition',
  ],
  maxAge: 600,
});
