import { afterAll, beforeAll, expect, it } from 'vitest';
import { metric, minutes, payload } from '../integration/support/payloads.ts';
import { type Answer, startTestStack, type TestStack } from '../integration/support/stack.ts';

/** Two people, one of whom posts all that a key may post. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ DEFER_SECONDS: '1' });
});
afterAll(() => test.stack.stop());

/** 85 bytes a sample. */
const sourced = (name: string, samples: number) =>
  payload(metric('step_count', 'count', minutes(samples, name)));

it('a backlog of one person, and all that comes with it, holds back nothing of another', async () => {
  const [ada, grace] = [await test.newPerson({}), await test.newPerson({})];
  // Ten years ago: more than the quota of an hour, and more than the live lane takes.
  const history = test.post(ada, sourced('Phone of old', 130_000));
  let isOver = false;
  const posted: Answer[] = [];
  const flood = Array.from({ length: 6 }, async (_, lane) => {
    for (let i = 0; i < 34; i++)
      posted.push(await test.post(ada, sourced(`Watch ${lane} ${i}`, 300)));
  });
  const flooded = Promise.all([history, ...flood]).finally(() => {
    isOver = true;
  });

  const small: Answer[] = [];
  for (let i = 0; small.length < 20 || (!isOver && small.length < 60); i++) {
    small.push(await test.post(grace, sourced(`Hour ${i}`, 5)));
  }
  await flooded;

  // Every upload of Grace was stored while she waited, as on a machine that has nothing else to do.
  expect(small.map(({ status, body }) => [status, body.data.status])).toEqual(
    small.map(() => [200, 'stored']),
  );
  // Nothing of Ada's was refused; what was over her quota waits behind the rest.
  expect(posted).toHaveLength(204);
  expect(posted.filter(({ status }) => status !== 200 && status !== 202)).toEqual([]);
  expect(posted.filter(({ body }) => body.data.status === 'deferred').length).toBeGreaterThan(100);

  // In the queue, too: an upload of Grace that goes through it is loaded while Ada's still wait.
  const { id } = (await test.post(grace, sourced('Long hour', 12_000))).body.data;
  expect((await test.closed(grace, id)).status).toBe('stored');
  expect((await test.closed(ada, (await history).body.data.id)).totals.received).toBe(130_000);
});
