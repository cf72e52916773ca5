import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { chargeAhead, chargeKey } from '../keys/usage.ts';
import { isolateMeter } from '../telemetry/isolate-meter.ts';
import {
  type Allowance,
  bytesBeyond,
  bytesDeclared,
  isDeferred,
  isRefused,
  type Limit,
  pollLimit,
  type QuotaState,
  quotaHeaders,
  readLimit,
  retryAfter,
  uploadLimits,
  withCharge,
} from './allowance.ts';
import type { AppEnv } from './context.ts';
import { HttpProblem } from './problem.ts';

/** For questions: refused once the allowance is used up. */
export const readQuota = limitedBy(readLimit);

/** For those who wait for a receipt or an export: an allowance of their own, so that waiting costs no question. */
export const pollQuota = limitedBy(pollLimit);

/**
 * A question is charged while it is being answered: it waits for Redis and for the database at the same time. A refusal
 * comes before the answer; what changes something waits for it.
 */
function limitedBy(limitOf: typeof readLimit): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function limitReads(c, next) {
    const charged = chargeQuestion(c, limitOf(c.get('identity'), c.get('settings')));
    if (c.req.method !== 'GET') refuseOver(await charged);
    await next();
    const state = await charged;
    if (isRefused(state)) {
      await c.res.body?.cancel();
      // Or else the refusal would carry the headers of the answer.
      c.res = undefined;
    }
    refuseOver(state);
    setHeaders(c, state);
  });
}

/** For uploads: over the quota they are deferred (see `isDeferred`), far over it refused before they are read. */
export const uploadQuota = createMiddleware<AppEnv>(async function limitUploads(c, next) {
  const settings = c.get('settings');
  const { requests, bytes } = uploadLimits(c.get('identity'), settings);
  const declared = bytesDeclared(c.req.raw.headers);
  const state = await charge(c, [
    [requests, 1],
    // What is longer than any body may be is refused unread: it costs a request, and no bytes.
    [bytes, declared > settings.MAX_BODY_BYTES ? 0 : declared],
  ]);
  refuseOver(state);
  c.set('quota', state);
  await next();
  setHeaders(c, c.get('quota'));
});

/**
 * Charges what a body came to beyond the bytes it had declared: one in chunks, and one that was packed.
 * @returns the state of the request's quota. Never rejects, and never refuses: the body is archived.
 */
export async function chargeUnpacked(
  c: Context<AppEnv>,
  bytes: number,
): Promise<QuotaState | null> {
  const state = c.get('quota');
  const beyond = bytesBeyond(c.req.raw.headers, bytes);
  if (state === null || beyond === 0) return state;
  const limit = uploadLimits(c.get('identity'), c.get('settings')).bytes;
  const [later] = (await charge(c, [[limit, beyond]])) ?? [];
  const after = later === undefined ? state : withCharge(state, later);
  c.set('quota', after);
  return after;
}

/** `null` without Redis, as of `charge`. Never rejects. */
async function chargeQuestion(c: Context<AppEnv>, limit: Limit): Promise<QuotaState | null> {
  const usage = chargeAhead(c.get('redis'), c.get('identity'), { ...limit, now: Date.now() });
  return usage.then(
    (each) => [{ ...limit, ...each }],
    () => null,
  );
}

/** `null` without Redis, where no key is refused: an upload that is lost is worse than one too many. Never rejects. */
async function charge(
  c: Context<AppEnv>,
  charges: readonly (readonly [limit: Limit, rate: number])[],
): Promise<QuotaState | null> {
  const [redis, identity] = [c.get('redis')(), c.get('identity')];
  const counted = charges.map(async ([limit, rate]): Promise<Allowance> => {
    // Nothing is counted of a body that did not say how long it is, but a key over its bound shall be refused.
    const usage = await chargeKey(redis, identity, { ...limit, rate: Math.max(1, rate) });
    return { ...limit, ...usage };
  });
  return Promise.all(counted).catch(() => null);
}

function setHeaders(c: Context<AppEnv>, state: QuotaState | null): void {
  for (const [name, value] of quotaHeaders(state, Date.now())) c.header(name, value);
}

const UNITS = { requests: 'uploads', bytes: 'bytes', reads: 'questions', polls: 'looks' } as const;

/** What whoever runs the server can raise; a key may also have limits of its own. */
const SETTINGS = {
  requests: ['QUOTA_REQUESTS_PER_HOUR', 'REFUSE_REQUESTS_PER_HOUR'],
  bytes: ['QUOTA_BYTES_PER_HOUR', 'REFUSE_BYTES_PER_HOUR'],
  reads: ['QUOTA_READS_PER_HOUR'],
  polls: ['QUOTA_READS_PER_HOUR'],
} as const;

/** @throws HttpProblem */
function refuseOver(state: QuotaState | null): void {
  if (state !== null && isRefused(state)) refuse(state, ({ bound }) => bound);
}

/** For what is refused without a loss where an upload would be deferred: a dry run. @throws HttpProblem */
export function refuseDeferred(state: QuotaState | null): void {
  if (state !== null && isDeferred(state)) refuse(state, ({ quota }) => quota);
}

function refuse(state: QuotaState, boundOf: (each: Allowance) => number): never {
  isolateMeter.count('quota_total', { outcome: 'refused' });
  const allowed = state.map((each) => `${boundOf(each)} ${UNITS[each.name]}`);
  const seconds = retryAfter(state, Date.now());
  const settings = state.filter(({ refused }) => refused).flatMap(({ name }) => SETTINGS[name]);
  throw new HttpProblem('quota_exceeded', {
    detail: `A key has ${allowed.join(' and ')} an hour. Send it again in ${Math.ceil(seconds / 60)} minutes, or raise ${settings.join(' or ')} of the server.`,
    headers: {
      ...Object.fromEntries(quotaHeaders(state, Date.now())),
      'Retry-After': String(seconds),
    },
  });
}
