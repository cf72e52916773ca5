import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AT, minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

it('health values and sources appear in no log line, answer, metric or audit entry, and keys neither', async () => {
  const ada = await test.newPerson();
  const tellsAdmin = async (path: string): Promise<string> => {
    const headers = { Authorization: `Bearer ${ada.keys.admin}` };
    const response = await fetch(`${test.stack.url}${path}`, { headers });
    expect(response.status).toBe(200);
    return response.text();
  };
  const planted = { qty: 98765.4321, date: AT, source: 'CanarySource' };
  const points = [...minutes(12_000), planted];
  const answers = [
    await test.post(ada, payload(steps(planted))),
    await test.post(ada, payload(steps(...points))),
    await test.post(ada, payload(steps(planted)).replace('"qty":', '"qty":N')),
    await test.post(ada, payload(steps(planted)).slice(0, -3)),
    await test.post(ada, payload(steps({ ...planted, date: '98765.4321' }))),
  ];
  await test.closed(ada, answers[1]?.body.data.id ?? '');
  test.stack.database.pause();
  await test.post(ada, payload(steps({ ...planted, qty: 98765.43210001 })));
  test.stack.database.resume();

  // A value that the database refuses, with words of its own that quote it.
  await test.stack.query('alter table samples add constraint canary check (value <> 98765.5)');
  const refused = await test.upload(ada, payload(steps({ ...planted, qty: 98765.5 })));
  await test.stack.query('alter table samples drop constraint canary');
  expect(refused.issues.map(({ code }) => code)).toEqual(['not_loadable']);

  const told = await Promise.all(
    ['/metrics', '/health/detailed', '/api/v1/admin/audit', '/api/v1/admin/jobs'].map(tellsAdmin),
  );
  const said = [
    ...test.logs,
    ...answers.map(({ body }) => JSON.stringify(body)),
    JSON.stringify(refused),
    ...told,
  ].join('\n');
  expect(said).toContain(ada.id);
  expect(said).not.toContain('98765');
  expect(said).not.toContain('CanarySource');
  expect(said).not.toContain(ada.keys.ing);
  expect(said).not.toContain(ada.keys.ing.slice(7, 19));
});

it('a log line is one JSON object with what an operator needs', async () => {
  const ada = await test.newPerson();
  await test.post(ada, payload(), { 'X-Correlation-Id': 'find-me' });
  const lines = test.logs.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find((line) => line.correlation_id === 'find-me')).toMatchObject({
    timestamp: expect.any(String),
    level: 'info',
    message: 'request',
    user_id: ada.id,
    endpoint: 'POST /api/v1/sync',
    status: 200,
    duration_ms: expect.any(Number),
  });
});

const lines = () => test.logs.map((line) => JSON.parse(line) as Record<string, unknown>);
const linesOf = (correlation_id: string) =>
  lines().filter((line) => line.correlation_id === correlation_id);

it.each(['/api/v1/metrics/CanaryPath/samples', '/CanaryPath/of/a/stranger'])(
  'a path is logged as its pattern: %s',
  async (path) => {
    const ada = await test.newPerson();
    const id = randomUUID();
    await test.call(path, ada.keys.read, { headers: { 'X-Correlation-Id': id } });
    expect(linesOf(id)).toMatchObject([
      { endpoint: path.startsWith('/api') ? 'GET /api/v1/metrics/:name/samples' : 'none' },
    ]);
    expect(test.logs.join('\n')).not.toContain('CanaryPath');
  },
);

const gzipped = (text: string) => new Uint8Array(gzipSync(text));

describe('a request that begins to be expensive leaves a line that says whose it is', () => {
  const large = payload(steps(...minutes(12_000)));
  const zip = new Uint8Array(
    zipSync({
      'HealthAutoExport.csv': strToU8('Date/Time,Step Count (steps)\n2026-03-02 00:00:00,8\n'),
    }),
  );
  it.each<[string, string, BodyInit, Record<string, string>, string]>([
    ['a large body', '/api/v1/sync', large, {}, 'expensive request begins'],
    [
      'a compressed body',
      '/api/v1/sync',
      gzipped(payload(steps({ qty: 1, date: AT }))),
      { 'Content-Encoding': 'gzip' },
      'expensive request begins',
    ],
    [
      'a dry run',
      '/api/v1/check',
      payload(steps({ qty: 1, date: AT })),
      {},
      'expensive request begins',
    ],
    ['files', '/api/v1/sync', zip, {}, 'files begin'],
  ])('%s', async (_, path, body, headers, message) => {
    const ada = await test.newPerson();
    const id = randomUUID();
    await test.call(path, ada.keys.ing, {
      method: 'POST',
      body,
      headers: { 'X-Correlation-Id': id, ...headers },
    });
    const [first, ...rest] = linesOf(id);
    expect(first).toMatchObject({ message, user_id: ada.id, key_id: expect.any(String) });
    expect(rest.map((line) => line.message)).toContain('request');
  });

  it('but a small upload and a small question leave none', async () => {
    const ada = await test.newPerson();
    const id = randomUUID();
    const headers = { 'X-Correlation-Id': id };
    await test.post(ada, payload(steps({ qty: 1, date: AT })), headers);
    await test.call('/api/v1/metrics', ada.keys.read, { headers });
    expect(linesOf(id).map(({ message }) => message)).toEqual(['request', 'request']);
  });
});

const scrape = (person: Person): Promise<string> =>
  fetch(`${test.stack.url}/metrics`, {
    headers: { Authorization: `Bearer ${person.keys.admin}` },
  }).then((answer) => answer.text());

/** Requests that were answered 5xx, also those of other tests that share the Redis. */
const failuresIn = (counters: string): number =>
  [...counters.matchAll(/http_requests_total\{[^}]*status="5\d\d"\} (\d+)/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );

it.each([
  ['as it is', {}],
  ['compressed', { 'Content-Encoding': 'gzip' }],
])(
  'a client that hangs up in the middle of a body, %s, is no fault of the server',
  async (_, headers) => {
    const ada = await test.newPerson();
    const id = randomUUID();
    const before = failuresIn(await scrape(ada));
    const whole = payload(steps(...minutes(30_000)));
    const body = 'Content-Encoding' in headers ? gzipped(whole) : Buffer.from(whole);
    await hangUp('/api/v1/sync', body, {
      ...headers,
      'X-Correlation-Id': id,
      Authorization: `Bearer ${ada.keys.ing}`,
    });
    const ended = await vi.waitUntil(
      () => linesOf(id).find(({ message }) => message === 'request'),
      {
        timeout: 20_000,
      },
    );
    expect(ended).toMatchObject({ level: 'info', status: 499, user_id: ada.id });
    const counters = await scrape(ada);
    expect(counters).toMatch(/http_requests_total\{[^}]*status="499"/);
    expect(failuresIn(counters)).toBe(before);
    expect(await test.archived(ada)).toEqual([]);
  },
);

it('a client that hangs up in the middle of a document of a JSON route is none either', async () => {
  const ada = await test.newPerson();
  const id = randomUUID();
  const headers = {
    'X-Correlation-Id': id,
    'Content-Type': 'application/json',
    Authorization: `Bearer ${ada.keys.read}`,
  };
  await hangUp('/api/v1/goals', Buffer.from(JSON.stringify({ metric: 'step_count' })), headers);
  const ended = await vi.waitUntil(() => linesOf(id).find(({ message }) => message === 'request'), {
    timeout: 20_000,
  });
  expect(ended.level).toBe('info');
  expect(ended.status).toBeLessThan(500);
});

it('a step of a job leaves a line when it begins', async () => {
  const ada = await test.newPerson();
  await test.call('/api/v1/exports', ada.keys.read, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  const begun = await vi.waitUntil(
    () => lines().find(({ message }) => message === 'job step begins'),
    { timeout: 20_000 },
  );
  expect(begun).toMatchObject({ kind: 'export', job: expect.any(String) });
});

/** Sends half of a body, then destroys the socket. */
async function hangUp(
  path: string,
  body: Uint8Array,
  headers: Record<string, string>,
): Promise<void> {
  const { hostname, port } = new URL(test.stack.url);
  const request = httpRequest({
    hostname,
    port,
    path,
    method: 'POST',
    headers: { ...headers, 'Content-Length': body.length },
  });
  request.on('error', () => {});
  request.write(body.subarray(0, body.length / 2));
  await setTimeout(500);
  request.destroy();
}
