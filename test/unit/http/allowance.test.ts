import { describe, expect, it } from 'vitest';
import {
  type Allowance,
  bytesBeyond,
  bytesDeclared,
  isDeferred,
  isRefused,
  pollLimit,
  quotaHeaders,
  readLimit,
  retryAfter,
  uploadLimits,
  withCharge,
} from '../../../src/http/allowance.ts';

const SETTINGS = {
  QUOTA_REQUESTS_PER_HOUR: 100,
  QUOTA_BYTES_PER_HOUR: 10_485_760,
  QUOTA_OVERFLOW: 'defer',
  REFUSE_REQUESTS_PER_HOUR: 5_000,
  REFUSE_BYTES_PER_HOUR: 2_147_483_648,
  QUOTA_READS_PER_HOUR: 7_200,
} as const;
const key = (kind: 'ing' | 'read' | 'admin', own: number | null = null) => ({
  kind,
  requestsPerHour: own,
  bytesPerHour: own === null ? null : own * 1000,
});

const NOW = Date.UTC(2026, 2, 2, 7, 40);
const allowance = (changes: Partial<Allowance>): Allowance => ({
  name: 'requests',
  quota: 100,
  bound: 5_000,
  used: 1,
  refused: false,
  resetAt: Date.UTC(2026, 2, 2, 8),
  ...changes,
});

describe('limits', () => {
  it('of uploads defer at the quota, and refuse far beyond', () => {
    const { requests, bytes } = uploadLimits(key('ing'), SETTINGS);
    expect([requests.quota, requests.bound]).toEqual([100, 5_000]);
    expect([bytes.quota, bytes.bound]).toEqual([10_485_760, 2_147_483_648]);
  });

  it('of uploads refuse at the quota where the installation says so', () => {
    const { requests, bytes } = uploadLimits(key('ing'), { ...SETTINGS, QUOTA_OVERFLOW: 'reject' });
    expect([requests.bound, bytes.bound]).toEqual([requests.quota, bytes.quota]);
  });

  it('of a key of its own are never refused within them', () => {
    const { requests } = uploadLimits(key('ing', 1_000_000), SETTINGS);
    expect([requests.quota, requests.bound]).toEqual([1_000_000, 1_000_000]);
    expect(uploadLimits(key('ing', 5), SETTINGS).requests).toMatchObject({
      quota: 5,
      bound: 5_000,
    });
  });

  it('of questions are those of the key, but for a phone, whose own limit is that of its uploads', () => {
    expect(readLimit(key('read'), SETTINGS).quota).toBe(7_200);
    expect(readLimit(key('read', 5), SETTINGS).quota).toBe(5);
    expect(readLimit(key('admin', 5), SETTINGS).quota).toBe(5);
    expect(readLimit(key('ing', 5), SETTINGS).quota).toBe(7_200);
    expect(pollLimit(key('read'), SETTINGS)).toMatchObject({ name: 'polls', quota: 72_000 });
  });
});

describe('bytes', () => {
  it.each([
    [{}, 0],
    [{ 'content-length': '12' }, 12],
    [{ 'content-length': '-5' }, 0],
    [{ 'content-length': 'many' }, 0],
    [{ 'content-length': '1e400' }, 0],
  ])('that %j declares are %i', (headers: Record<string, string>, bytes) => {
    expect(bytesDeclared(new Headers(headers))).toBe(bytes);
  });

  it('beyond those declared are charged later, and none are given back', () => {
    const headers = new Headers({ 'content-length': '100' });
    expect(bytesBeyond(headers, 2_500)).toBe(2_400);
    expect(bytesBeyond(headers, 100)).toBe(0);
    expect(bytesBeyond(headers, 40)).toBe(0);
    expect(bytesBeyond(new Headers(), 40)).toBe(40);
  });
});

describe('an upload', () => {
  it('waits once any of its quotas is exceeded, not when it is just used up', () => {
    expect(isDeferred(null)).toBe(false);
    expect(isDeferred([allowance({ used: 100 })])).toBe(false);
    expect(isDeferred([allowance({ used: 101 })])).toBe(true);
    expect(isDeferred([allowance({}), allowance({ name: 'bytes', used: 101 })])).toBe(true);
  });

  it('that passed its bound by what it unpacked to waits, too', () => {
    const state = [allowance({ quota: 10, bound: 10, used: 10, refused: true })];
    expect([isRefused(state), isDeferred(state)]).toEqual([true, true]);
  });

  it('has the later charge of an allowance in place of the earlier', () => {
    const [requests, bytes] = [allowance({}), allowance({ name: 'bytes', used: 10 })];
    const later = allowance({ name: 'bytes', used: 5_000 });
    expect(withCharge([requests, bytes], later)).toEqual([requests, later]);
    expect(withCharge([requests], later)).toEqual([requests, later]);
  });
});

describe('headers', () => {
  it('name each allowance that the request draws on', () => {
    const state = [allowance({ used: 40 }), allowance({ name: 'bytes', quota: 50, used: 60 })];
    expect(Object.fromEntries(quotaHeaders(state, NOW))).toEqual({
      'RateLimit-Policy': '"requests";q=100;w=3600, "bytes";q=50;w=3600;qu="content-bytes"',
      RateLimit: '"requests";r=60;t=1200, "bytes";r=0;t=1200',
    });
    expect(quotaHeaders(null, NOW)).toEqual([]);
  });

  it('send a client that is refused away until the hour is over', () => {
    expect(retryAfter([allowance({})], NOW)).toBe(1200);
    expect(retryAfter([allowance({})], Date.UTC(2026, 2, 2, 9))).toBe(1);
  });
});
