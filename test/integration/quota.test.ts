import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunked, minutes, payload, steps } from './support/payloads.ts';
import { startTestStack, type TestStack } from './support/stack.ts';

const REQUESTS = 3;
const BYTES = 4_000;
const VARS = {
  QUOTA_REQUESTS_PER_HOUR: String(REQUESTS),
  QUOTA_BYTES_PER_HOUR: String(BYTES),
  DEFER_SECONDS: '1',
};

/** A person with the limits of the installation. */
const newPerson = (test: TestStack) => test.newPerson({});

describe('over its quota', () => {
  let test: TestStack;
  beforeAll(async () => {
    test = await startTestStack(VARS);
  });
  afterAll(() => test.stack.stop());

  it('a client always knows where it stands', async () => {
    const ada = await newPerson(test);
    const body = payload(steps(...minutes(1)));
    const { headers } = await test.post(ada, body);
    expect(headers.get('ratelimit-policy')).toBe(
      `"requests";q=${REQUESTS};w=3600, "bytes";q=${BYTES};w=3600;qu="content-bytes"`,
    );
    const left = BYTES - body.length;
    expect(headers.get('ratelimit')).toMatch(
      new RegExp(`^"requests";r=${REQUESTS - 1};t=\\d+, "bytes";r=${left};t=\\d+$`),
    );
  });

  it('an upload waits behind the rest, and is stored', async () => {
    const ada = await newPerson(test);
    const statuses: number[] = [];
    for (let i = 1; i <= REQUESTS + 1; i++) {
      statuses.push((await test.post(ada, payload(steps(...minutes(i))))).status);
    }
    expect(statuses).toEqual([200, 200, 200, 202]);
    const { body } = await test.call('/api/v1/ingestions?limit=1', ada.keys.read);
    const [latest] = body.data as unknown as { id: string; status: string }[];
    expect(latest?.status).toBe('deferred');
    expect((await test.closed(ada, latest?.id ?? '')).totals).toMatchObject({
      received: 4,
      inserted: 1,
    });
  });

  it.each([
    ['that tells its length', (body: string) => body],
    ['in chunks', (body: string) => chunked(body)],
  ])('a body %s is deferred for its bytes', async (_, send) => {
    const ada = await newPerson(test);
    const { status, body } = await test.post(ada, send(payload(steps(...minutes(100)))));
    expect([status, body.data.status]).toEqual([202, 'deferred']);
    expect((await test.closed(ada, body.data.id)).totals.inserted).toBe(100);
  });

  it('ten times over, an upload is refused before it is read', async () => {
    const ada = await newPerson(test);
    const { status, headers, body } = await test.post(ada, 'x'.repeat(BYTES * 10 + 1));
    expect([status, body.error]).toEqual([429, 'quota_exceeded']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('ratelimit')).toContain('"bytes";r=0;');
    expect(await test.archived(ada)).toEqual([]);
  });

  it('ten times over its requests, an upload is refused too', async () => {
    const ada = await newPerson(test);
    for (let i = 0; i < REQUESTS * 10; i++) await test.call('/api/v1/metrics', ada.keys.ing);
    const { status, headers, body } = await test.post(ada, payload());
    expect([status, body.error]).toEqual([429, 'quota_exceeded']);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(3600);
  });

  it('a question is refused, but never the receipt of one upload', async () => {
    const ada = await newPerson(test);
    const statuses: number[] = [];
    for (let i = 0; i <= REQUESTS; i++) {
      statuses.push((await test.call('/api/v1/metrics/steps/samples', ada.keys.read)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    const { id } = (await test.post(ada, payload())).body.data;
    for (let i = 0; i <= REQUESTS; i++) {
      expect((await test.call(`/api/v1/ingestions/${id}`, ada.keys.read)).status).toBe(200);
    }
  });

  it('a key with limits of its own has those', async () => {
    const ada = await test.newPerson({ requestsPerHour: 1, bytesPerHour: 1_000_000 });
    expect((await test.post(ada, payload(steps(...minutes(100))))).status).toBe(200);
    expect((await test.post(ada, payload())).status).toBe(202);
  });
});

describe('over its quota where the installation says reject', () => {
  let test: TestStack;
  beforeAll(async () => {
    test = await startTestStack({ ...VARS, QUOTA_OVERFLOW: 'reject' });
  });
  afterAll(() => test.stack.stop());

  it('an upload is refused at the quota', async () => {
    const ada = await newPerson(test);
    const statuses: number[] = [];
    for (let i = 1; i <= REQUESTS + 1; i++) {
      statuses.push((await test.post(ada, payload(steps(...minutes(i))))).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});
