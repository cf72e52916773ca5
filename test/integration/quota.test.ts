import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunked, minutes, payload, steps } from './support/payloads.ts';
import { startTestStack, type TestStack } from './support/stack.ts';

const REQUESTS = 3;
const BYTES = 4_000;
const BOUND_REQUESTS = 12;
const BOUND_BYTES = 60_000;
const MAX_BODY_BYTES = 70_000;
const READS = 4;
const VARS = {
  QUOTA_REQUESTS_PER_HOUR: String(REQUESTS),
  QUOTA_BYTES_PER_HOUR: String(BYTES),
  REFUSE_REQUESTS_PER_HOUR: String(BOUND_REQUESTS),
  REFUSE_BYTES_PER_HOUR: String(BOUND_BYTES),
  MAX_BODY_BYTES: String(MAX_BODY_BYTES),
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

  it('a body is charged what it comes to when it is unpacked', async () => {
    const ada = await newPerson(test);
    const body = payload(steps(...minutes(100)));
    const packed = gzipSync(body);
    expect(packed.length).toBeLessThan(BYTES);
    const answer = await test.post(ada, packed, { 'Content-Encoding': 'gzip' });
    expect([answer.status, answer.body.data.status]).toEqual([202, 'deferred']);
    expect(answer.headers.get('ratelimit')).toContain('"bytes";r=0;');
    await test.closed(ada, answer.body.data.id);
  });

  it('an upload over the bound of bytes is refused before it is read', async () => {
    const ada = await newPerson(test);
    const { status, headers, body } = await test.post(ada, 'x'.repeat(BOUND_BYTES + 1));
    expect([status, body.error]).toEqual([429, 'quota_exceeded']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('ratelimit')).toContain('"bytes";r=0;');
    expect(await test.archived(ada)).toEqual([]);
  });

  it('a body longer than any may be is refused as too large, and costs no bytes', async () => {
    const ada = await newPerson(test);
    const { status, body } = await test.post(ada, 'x'.repeat(MAX_BODY_BYTES + 1));
    expect([status, body.error]).toEqual([413, 'body_too_large']);
    const small = await test.post(ada, payload(steps(...minutes(1))));
    expect(small.status).toBe(200);
  });

  it('an upload over the bound of requests is refused, too, and no sooner', async () => {
    const ada = await newPerson(test);
    const statuses: number[] = [];
    for (let i = 0; i <= BOUND_REQUESTS; i++) {
      statuses.push((await test.post(ada, payload(steps(...minutes(i + 1))))).status);
    }
    expect(statuses.slice(REQUESTS)).toEqual([
      ...Array.from({ length: BOUND_REQUESTS - REQUESTS }, () => 202),
      429,
    ]);
  });

  it('what a phone asks costs it no upload', async () => {
    const ada = await newPerson(test);
    for (let i = 0; i <= REQUESTS; i++) {
      expect((await test.call('/api/v1/metrics', ada.keys.ing)).status).toBe(200);
    }
    const { status, headers } = await test.post(ada, payload());
    expect(status).toBe(200);
    expect(headers.get('ratelimit')).toContain(`"requests";r=${REQUESTS - 1};`);
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

describe('questions', () => {
  let test: TestStack;
  beforeAll(async () => {
    test = await startTestStack({ ...VARS, QUOTA_READS_PER_HOUR: String(READS) });
  });
  afterAll(() => test.stack.stop());

  const ask = (key: string, path = '/api/v1/metrics/steps/samples') => test.call(path, key);

  it('have an allowance of their own, which the answer tells', async () => {
    const ada = await newPerson(test);
    const { headers } = await ask(ada.keys.read);
    expect(headers.get('ratelimit-policy')).toBe(`"reads";q=${READS};w=3600`);
    expect(headers.get('ratelimit')).toMatch(new RegExp(`^"reads";r=${READS - 1};t=\\d+$`));
  });

  it('over it are refused, and the refusal has nothing of the answer', async () => {
    const ada = await newPerson(test);
    const answers = [];
    for (let i = 0; i <= READS; i++) answers.push(await ask(ada.keys.read));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    const refused = answers.at(-1);
    expect(refused?.body.error).toBe('quota_exceeded');
    expect((refused?.body as { detail?: string } | undefined)?.detail).toMatch(
      new RegExp(
        `^A key has ${READS} questions an hour. Send it again in \\d+ minutes, or raise QUOTA_READS_PER_HOUR of the server.$`,
      ),
    );
    expect(refused?.body.data).toBeUndefined();
    expect(refused?.headers.get('content-type')).toContain('application/problem+json');
    expect(refused?.headers.get('etag')).toBeNull();
    expect(refused?.headers.get('ratelimit')).toContain('"reads";r=0;');
    // And the phone goes on uploading.
    expect((await test.post(ada, payload())).status).toBe(200);
  });

  it('that change something are refused before they do', async () => {
    const ada = await newPerson(test);
    for (let i = 0; i < READS; i++) await ask(ada.keys.read);
    const init = {
      method: 'PATCH',
      body: JSON.stringify({ week_start: 'sunday' }),
      headers: { 'Content-Type': 'application/json' },
    };
    expect((await test.call('/api/v1/preferences', ada.keys.read, init)).status).toBe(429);
    const [person] = await test.stack.query('select week_start from users where id = $1', [ada.id]);
    expect(person?.week_start).not.toBe('7');
  });

  it('for one receipt have ten times as many', async () => {
    const ada = await newPerson(test);
    const { id } = (await test.post(ada, payload())).body.data;
    const statuses: number[] = [];
    for (let i = 0; i <= READS * 10; i++) {
      statuses.push((await ask(ada.keys.read, `/api/v1/ingestions/${id}`)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: READS * 10 }, () => 200), 429]);
  });
});
