import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { PROBLEMS, type ProblemCode } from '../codes.ts';
import { isolateMeter } from '../telemetry/isolate-meter.ts';
import type { AppEnv } from './context.ts';
import { pageOf, wantsPage } from './page.ts';

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

/** A failure on the wire: `application/problem+json` (RFC 9457), or a page of words for a browser. */
export async function problem(
  c: Context<AppEnv>,
  code: ProblemCode,
  particulars: Particulars = {},
): Promise<Response> {
  isolateMeter.count('errors_total', { error: code });
  const { status } = PROBLEMS[code];
  const headers = {
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="self-sensored"' } : {}),
    ...(status === 503 ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {}),
    ...particulars.headers,
  };
  const [type, text] = wantsPage(c)
    ? ['text/html; charset=UTF-8', await pageOf(wordsOf(code, particulars))]
    : ['application/problem+json', documentOf(c, code, particulars)];
  // 499 is in use everywhere and in no registry, so not in Hono's type.
  return c.body(text, status as ContentfulStatusCode, { 'Content-Type': type, ...headers });
}

function wordsOf(code: ProblemCode, { detail, errors = [] }: Particulars) {
  const details = errors
    .slice(0, MAX_ERRORS)
    .map(({ pointer, message }) => `${pointer}: ${message}`);
  const { title } = PROBLEMS[code];
  return { title, words: [...(detail === undefined ? [] : [detail]), ...details] };
}

function documentOf(
  c: Context<AppEnv>,
  code: ProblemCode,
  { detail, errors }: Particulars,
): string {
  const { status, title } = PROBLEMS[code];
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
  return JSON.stringify(body);
}
