import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from './context.ts';

const TWO_YEARS_SECONDS = 63_072_000;

/** Nothing may be loaded, framed or guessed. */
const NOTHING = {
  defaultSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
};

/** The page of /docs loads its own files, and asks its own server: a key that is pasted into it goes nowhere else. */
const OWN_FILES = {
  ...NOTHING,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ['data:'],
  connectSrc: ["'self'"],
};

const withPolicy = (contentSecurityPolicy: typeof NOTHING): MiddlewareHandler<AppEnv> =>
  secureHeaders({
    strictTransportSecurity: `max-age=${TWO_YEARS_SECONDS}; includeSubDomains`,
    contentSecurityPolicy,
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    permissionsPolicy: {},
  });

const forAnswers = withPolicy(NOTHING);
const forPage = withPolicy(OWN_FILES);

/** All answers are data, but for one page. */
export const securityHeaders: MiddlewareHandler<AppEnv> = (c, next) =>
  (c.req.path === '/docs' ? forPage : forAnswers)(c, next);
