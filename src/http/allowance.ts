import type { ApiSettings } from '../env.ts';
import type { AllowanceName, Usage } from '../keys/usage.ts';
import type { Identity } from '../model.ts';

/** What a key may do in an hour, and what follows from how much of it is used. Pure. */

export interface Limit {
  name: AllowanceName;
  /** Up to here all is as usual. */
  quota: number;
  /** Up to here an upload is taken, but waits. Equal to the quota where nothing waits. */
  bound: number;
}

export type Allowance = Limit & Usage;

/** Of the request that is under way: the allowances it has drawn on so far. */
export type QuotaState = readonly Allowance[];

const HOUR_SECONDS = 3600;

/** A client that waits for a receipt or an export may ask more often than one that wants its data. */
const POLLS_FACTOR = 10;

type QuotaSettings = Pick<
  ApiSettings,
  | 'QUOTA_REQUESTS_PER_HOUR'
  | 'QUOTA_BYTES_PER_HOUR'
  | 'QUOTA_OVERFLOW'
  | 'REFUSE_REQUESTS_PER_HOUR'
  | 'REFUSE_BYTES_PER_HOUR'
  | 'QUOTA_READS_PER_HOUR'
>;
type Holder = Pick<Identity, 'kind' | 'requestsPerHour' | 'bytesPerHour'>;

/** The app does not come back for an upload that was refused: over its quota it waits, and only far over it is refused. */
export function uploadLimits(
  { requestsPerHour, bytesPerHour }: Holder,
  settings: QuotaSettings,
): { requests: Limit; bytes: Limit } {
  const limit = (name: 'requests' | 'bytes', quota: number, bound: number): Limit => ({
    name,
    quota,
    bound: settings.QUOTA_OVERFLOW === 'reject' ? quota : Math.max(quota, bound),
  });
  return {
    requests: limit(
      'requests',
      requestsPerHour ?? settings.QUOTA_REQUESTS_PER_HOUR,
      settings.REFUSE_REQUESTS_PER_HOUR,
    ),
    bytes: limit(
      'bytes',
      bytesPerHour ?? settings.QUOTA_BYTES_PER_HOUR,
      settings.REFUSE_BYTES_PER_HOUR,
    ),
  };
}

/** An ingest key's own limit is that of its uploads: what it reads is counted apart, and never costs an upload. */
export function readLimit({ kind, requestsPerHour }: Holder, settings: QuotaSettings): Limit {
  const own = kind === 'ing' ? null : requestsPerHour;
  const quota = own ?? settings.QUOTA_READS_PER_HOUR;
  return { name: 'reads', quota, bound: quota };
}

export function pollLimit(holder: Holder, settings: QuotaSettings): Limit {
  const quota = readLimit(holder, settings).quota * POLLS_FACTOR;
  return { name: 'polls', quota, bound: quota };
}

/** What a body is charged before it is read: as many bytes as it says it has. */
export function bytesDeclared(headers: Headers): number {
  const length = Number(headers.get('content-length') ?? 0);
  return Number.isSafeInteger(length) ? Math.max(0, length) : 0;
}

/** What it is charged afterwards: bytes that it did not declare, and those that it had once it was unpacked. */
export const bytesBeyond = (headers: Headers, bytes: number): number =>
  Math.max(0, bytes - bytesDeclared(headers));

export const isRefused = (state: QuotaState | null): boolean =>
  state?.some(({ refused }) => refused) ?? false;

/** Whether an upload has to wait behind those that are within their quota. */
export const isDeferred = (state: QuotaState | null): boolean =>
  state?.some(({ used, quota, refused }) => refused || used > quota) ?? false;

/** The state with a later charge of the same allowance in place of the earlier one. */
export const withCharge = (state: QuotaState, later: Allowance): QuotaState =>
  state.some(({ name }) => name === later.name)
    ? state.map((each) => (each.name === later.name ? later : each))
    : [...state, later];

const secondsLeft = (resetAt: number, now: number): number =>
  Math.max(1, Math.ceil((resetAt - now) / 1000));

/** How long a client that is refused has to wait. */
export const retryAfter = (state: QuotaState, now: number): number =>
  Math.max(...state.map(({ resetAt }) => secondsLeft(resetAt, now)));

/** Allowances that count bytes say so. */
const unitOf = (name: AllowanceName): string => (name === 'bytes' ? ';qu="content-bytes"' : '');

/** draft-ietf-httpapi-ratelimit-headers: one policy for each allowance that the request draws on. */
export function quotaHeaders(state: QuotaState | null, now: number): [string, string][] {
  if (state === null || state.length === 0) return [];
  const policies = state.map(
    ({ name, quota }) => `"${name}";q=${quota};w=${HOUR_SECONDS}${unitOf(name)}`,
  );
  const left = state.map(({ name, quota, used, resetAt }) => {
    const remaining = Math.max(0, quota - used);
    return `"${name}";r=${remaining};t=${secondsLeft(resetAt, now)}`;
  });
  return [
    ['RateLimit-Policy', policies.join(', ')],
    ['RateLimit', left.join(', ')],
  ];
}
