import { afterAll, beforeAll, expect, it } from 'vitest';
import { AT, metric, minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** An upload is loaded once more from the archive, by the decoder of today. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack({ SLICE_BYTES: '2000' });
});
afterAll(() => test.stack.stop());

const replay = (person: Person, id: string, key = person.keys.ing) =>
  test.call(`/api/v1/ingestions/${id}/replay`, key, { method: 'POST' });

const RECORDS = JSON.stringify({
  data: {
    metrics: [metric('sleep_analysis', 'hr', [{ date: AT, totalSleep: 7 }])],
    workouts: [{ id: 'A', name: 'Walking', start: AT, duration: 60 }],
    symptoms: [{ name: 'Fever', start: AT }],
  },
});

it('changes nothing of an upload that is stored, and has a receipt of its own', async () => {
  const ada = await test.newPerson();
  const first = await test.upload(ada, RECORDS);
  const rows = await test.rows(ada);
  const { status, body, headers } = await replay(ada, first.id);
  expect(status).toBe(200);
  expect(headers.get('location')).toBe(`/api/v1/ingestions/${body.data.id}`);
  expect(body.data).toMatchObject({
    replay_of: first.id,
    sha256: first.sha256,
    totals: { received: 3, inserted: 0, updated: 0, unchanged: 3 },
  });
  expect(await test.rows(ada)).toEqual(rows);
});

it('stores what had been set aside by a decoder that did not know it yet', async () => {
  const ada = await test.newPerson();
  const first = await test.upload(ada, RECORDS);
  const rows = await test.rows(ada);
  // As an older decoder would have left it.
  await test.stack.query('delete from workouts where user_id = $1', [ada.id]);
  await test.stack.query('delete from events where user_id = $1', [ada.id]);
  const { body } = await replay(ada, first.id);
  expect(body.data.totals).toMatchObject({ inserted: 2, unchanged: 1 });
  expect(await test.rows(ada)).toEqual(rows);
});

it('takes a large upload slice by slice through the queue', async () => {
  const ada = await test.newPerson();
  const first = await test.upload(ada, payload(steps(...minutes(500))));
  const { status, body } = await replay(ada, first.id);
  expect(status).toBe(202);
  const receipt = await test.closed(ada, body.data.id);
  expect(receipt.slices.total).toBeGreaterThan(3);
  expect(receipt.totals).toMatchObject({ received: 500, unchanged: 500 });
});

it('never overwrites what was learnt after the upload', async () => {
  const ada = await test.newPerson();
  const first = await test.upload(ada, payload(steps({ qty: 3, date: AT })));
  await test.upload(ada, payload(steps({ qty: 9, date: AT })));
  await replay(ada, first.id);
  expect((await test.rows(ada)).map(({ numbers }) => numbers)).toEqual(['9']);
});

it('knows nothing of an id from a year that no database has', async () => {
  const ada = await test.newPerson();
  const { status } = await replay(ada, 'ffffffff-ffff-7fff-8000-000000000000');
  expect(status).toBe(404);
});

it('of a replay says the same as of the upload', async () => {
  const ada = await test.newPerson();
  const first = await test.upload(ada, payload(steps({ qty: 3, date: AT })));
  const again = await replay(ada, first.id);
  await test.upload(ada, payload(steps({ qty: 9, date: AT })));
  const { body } = await replay(ada, again.body.data.id);
  expect(body.data.totals).toMatchObject({ updated: 0, unchanged: 1 });
});

it('does not make the next upload of the same body a repetition of itself', async () => {
  const ada = await test.newPerson();
  const first = await test.upload(ada, RECORDS);
  await replay(ada, first.id);
  const { headers, body } = await test.post(ada, RECORDS);
  expect(headers.get('idempotency-replayed')).toBe('true');
  expect(body.data.id).toBe(first.id);
});

it('is there for the uploads of the key alone, for those of the person with an admin key, and not to read with', async () => {
  const [ada, bob] = [await test.newPerson(), await test.newPerson()];
  const { id } = await test.upload(ada, RECORDS);
  expect(await replay(bob, id)).toMatchObject({ status: 404 });
  const otherKey = await test.newKey(ada.id, 'ing');
  expect(await replay(ada, id, otherKey)).toMatchObject({ status: 404 });
  expect(await replay(ada, id, ada.keys.admin)).toMatchObject({ status: 200 });
  expect(await replay(ada, id, ada.keys.read)).toMatchObject({ status: 403 });
});

it('says so if the body is no longer in the archive', async () => {
  const ada = await test.newPerson();
  const { id } = await test.upload(ada, RECORDS);
  const [key = ''] = await test.archived(ada);
  await (await test.archive()).delete(key);
  const { status, body } = await replay(ada, id);
  expect([status, body.error]).toEqual([410, 'body_gone']);
});

it('waits behind the rest if the quota is used up, like an upload', async () => {
  const ada = await test.newPerson({ requestsPerHour: 2, bytesPerHour: 1_000_000 });
  const { id } = await test.upload(ada, RECORDS);
  await replay(ada, id);
  const { status, body } = await replay(ada, id);
  expect([status, body.data.status]).toEqual([202, 'deferred']);
});
