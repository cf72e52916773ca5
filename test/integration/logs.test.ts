import { afterAll, beforeAll, expect, it } from 'vitest';
import { AT, minutes, payload, steps } from './support/payloads.ts';
import { startTestStack, type TestStack } from './support/stack.ts';

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
