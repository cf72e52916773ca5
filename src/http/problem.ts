import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { PROBLEMS, type ProblemCode } from '../codes.ts';
import { isolateMeter } from '../telemetry/isolate-meter.ts';
import type { AppEnv } from './context.ts';

/** One thing that is wrong with the request: where, what, and what to do. */
export interface ProblemItem {
  /** JSON pointer into the body, or the name of a parameter. */
  pointer: string;
  code: string;
  message: string;
}

interface Particulars {
  /** What is wrong with this very request, and the cure. Never a health value. */
  detail?: string;
  errors?: readonly ProblemItem[];
  headers?: Readonly<Record<string, string>>;
}

/** Thrown anywhere below a route; ends the request with its problem document. */
export class HttpProblem extends Error {
  override name = 'HttpProblem';
  readonly code: ProblemCode;
  readonly particulars: Particulars;

  constructor(code: ProblemCode, particulars: Particulars = {}) {
    super(code);
    this.code = code;
    this.particulars = particulars;
  }
}

/** Seconds after which a service that is away is worth another try. */
const RETRY_AFTER_SECONDS = 30;

/** A document names so many things that are wrong, and says how many there are. */
const MAX_ERRORS = 20;

/** A failure on the wire: `application/problem+json` (RFC 9457). */
export function problem(
  c: Context<AppEnv>,
  code: ProblemCode,
  { detail, errors, headers }: Particulars = {},
): Response {
  const { status, title } = PROBLEMS[code];
  isolateMeter.count('errors_total', { error: code });
  const body = {
    type: 'about:blank',
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    success: false,
    error: code,
    ...(errors === undefined
      ? {}
      : { errors: errors.slice(0, MAX_ERRORS), errors_total: errors.length }),
    correlation_id: c.get('correlationId'),
    timestamp: new Date().toISOString(),
  };
  // 499 is in use everywhere and in no registry, so not in Hono's type.
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="self-sensored"' } : {}),
    ...(status === 503 ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {}),
    ...headers,
  });
}
