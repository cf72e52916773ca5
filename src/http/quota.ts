import { Ratelimit } from '@upstash/ratelimit';
import { createMiddleware } from 'hono/factory';
import type { ApiSettings } from '../env.ts';
import { quotaPrefix } from '../keys/quota-names.ts';
import type { Identity } from '../model.ts';
import { openRedis, type Redis } from '../redis.ts';
import { isolateMeter } from '../telemetry/isolate-meter.ts';
import type { Allowance, AppEnv, QuotaState } from './context.ts';
import { HttpProblem } from './problem.ts';

const HOUR_SECONDS = 3600;
/** The phone does not come back for an upload that was refused: it is refused only when this many times over. */
const OVERFLOW_FACTOR = 10;

/** For reads: refused once the quota is used up. */
export const readQuota = createMiddleware<AppEnv>(async function limitReads(c, next) {
  const state = await charge(c.get('settings'), c.get('identity'), 0);
  c.set('quota', state);
  if (state !== null && exceeds(state.requests)) refuse(state);
  await next();
  for (const [name, value] of quotaHeaders(state)) c.header(name, value);
});

/** For uploads: over the quota they are deferred (see `isDeferred`), far over it refused. */
export const uploadQuota = createMiddleware<AppEnv>(async function limitUploads(c, next) {
  const settings = c.get('settings');
  const state = await charge(settings, c.get('identity'), declaredBytes(c.req.raw.headers));
  c.set('quota', state);
  const factor = settings.QUOTA_OVERFLOW === 'reject' ? 1 : OVERFLOW_FACTOR;
  if (state !== null && [state.requests, state.bytes].some((each) => exceeds(each, factor))) {
    refuse(state);
  }
  await next();
  for (const [name, value] of quotaHeaders(state)) c.header(name, value);
});

/** Whether an upload has to wait behind those that are within their quota. */
export const isDeferred = (state: QuotaState | null): boolean =>
  state !== null && (exceeds(state.requests) || exceeds(state.bytes));

/** Charges what was not declared beforehand: a chunked body, once its size is known. */
export async function chargeLater(
  settings: ApiSettings,
  identity: Identity,
  headers: Headers,
  bytes: number,
): Promise<QuotaState | null> {
  return headers.has('content-length') ? null : charge(settings, identity, bytes, 0);
}

const declaredBytes = (headers: Headers): number =>
  Math.max(0, Number(headers.get('content-length') ?? 0) || 0);

async function charge(
  settings: ApiSettings,
  identity: Identity,
  bytes: number,
  requests = 1,
): Promise<QuotaState | null> {
  const redis = openRedis(settings);
  const quotas = {
    requests: identity.requestsPerHour ?? settings.QUOTA_REQUESTS_PER_HOUR,
    bytes: identity.bytesPerHour ?? settings.QUOTA_BYTES_PER_HOUR,
  };
  try {
    const [ofRequests, ofBytes] = await Promise.all([
      count(redis, 'requests', identity.keyId, quotas.requests, requests),
      count(redis, 'bytes', identity.keyId, quotas.bytes, bytes),
    ]);
    return { requests: ofRequests, bytes: ofBytes };
  } catch {
    // Without Redis nobody is refused: an upload that is lost is worse than one too many.
    return null;
  }
}

/** A limit that is never reached, so that the library counts on and we learn how much has been used. */
const COUNT_ALL = Number.MAX_SAFE_INTEGER;

async function count(
  redis: Redis,
  name: Allowance['name'],
  keyId: string,
  quota: number,
  rate: number,
): Promise<Allowance> {
  const limiter = new Ratelimit({
    redis,
    prefix: quotaPrefix(name),
    limiter: Ratelimit.fixedWindow(COUNT_ALL, '1 h'),
    ephemeralCache: false,
    timeout: 0,
  });
  const { remaining, reset } = await limiter.limit(keyId, { rate });
  return { name, quota, used: COUNT_ALL - remaining, resetAt: reset };
}

const exceeds = ({ used, quota }: Allowance, factor = 1): boolean => used > quota * factor;

const secondsLeft = ({ resetAt }: Allowance): number =>
  Math.max(1, Math.ceil((resetAt - Date.now()) / 1000));

function refuse(state: QuotaState): never {
  isolateMeter.count('quota_total', { outcome: 'refused' });
  const headers = Object.fromEntries(quotaHeaders(state));
  throw new HttpProblem('quota_exceeded', {
    detail: `A key may make ${state.requests.quota} requests and send ${state.bytes.quota} bytes an hour.`,
    headers: { ...headers, 'Retry-After': String(secondsLeft(state.requests)) },
  });
}

/** draft-ietf-httpapi-ratelimit-headers: two policies, one an hour's requests, one its bytes. */
export function quotaHeaders(state: QuotaState | null): [string, string][] {
  if (state === null) return [];
  const policies = [
    `"requests";q=${state.requests.quota};w=${HOUR_SECONDS}`,
    `"bytes";q=${state.bytes.quota};w=${HOUR_SECONDS};qu="content-bytes"`,
  ];
  const left = [state.requests, state.bytes].map((each) => {
    const remaining = Math.max(0, each.quota - each.used);
    return `"${each.name}";r=${remaining};t=${secondsLeft(each)}`;
  });
  return [
    ['RateLimit-Policy', policies.join(', ')],
    ['RateLimit', left.join(', ')],
  ];
}
