import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobOnTheWire } from '../../src/store/find-jobs.ts';
import { minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterAll(() => test.stack.stop());

const SPAN = { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };

const admin = (path: string, init: RequestInit = {}) =>
  test.call(`/api/v1/admin/${path}`, ada.keys.admin, {
    ...init,
    headers: { 'Content-Type': 'application/json' },
  });

const start = (body: object) =>
  admin('replay', { method: 'POST', body: JSON.stringify({ ...SPAN, ...body }) });

const jobOf = async (id: string) =>
  (await admin(`jobs/${id}`)).body.data as unknown as JobOnTheWire;

async function run(body: object = {}): Promise<JobOnTheWire> {
  const answer = await start(body);
  expect(answer.status).toBe(202);
  const { id } = answer.body.data;
  expect(answer.headers.get('location')).toBe(`/api/v1/admin/jobs/${id}`);
  for (let tries = 0; tries < 600; tries++) {
    const job = await jobOf(id);
    if (job.status === 'done') return job;
    await setTimeout(50);
  }
  throw new Error('The job does not end.');
}

/** As if an older decoder had not understood some of it. */
const forget = (where: string) =>
  test.stack.query(
    `delete from samples using series where series.id = series_id and user_id = $1 and ${where}`,
    [ada.id],
  );

it('a preview says what a replay would do, and does nothing of it', async () => {
  await test.upload(ada, payload(steps(...minutes(12_000))));
  await test.upload(ada, payload(steps(...minutes(100, 'Phone'))));
  await forget('extract(minute from recorded_at) = 7');
  const before = await test.rows(ada);

  const job = await run();
  expect(job).toMatchObject({ applies: false, uploads: { total: 2, done: 2, failed: 0 } });
  const missing = 12_100 - before.length;
  expect(missing).toBeGreaterThan(0);
  expect(job.totals).toMatchObject({
    received: 12_100,
    inserted: missing,
    updated: 0,
    unchanged: 12_100 - missing,
  });
  expect(job.metrics).toHaveProperty('step_count');
  expect(await test.rows(ada)).toEqual(before);
  expect(await test.receipts(ada)).toBe(2);
});

it('applied, it brings back what was missing, once, and says what it did', async () => {
  await test.upload(ada, payload(steps(...minutes(12_000))));
  const before = await test.rows(ada);
  await forget('extract(minute from recorded_at) = 7');

  const job = await run({ apply: true });
  expect(job).toMatchObject({ applies: true, uploads: { total: 1, done: 1, failed: 0 } });
  expect(job.totals).toMatchObject({ received: 12_000, updated: 0, set_aside: 0 });
  expect(job.totals.inserted).toBeGreaterThan(0);
  expect(await test.rows(ada)).toEqual(before);

  expect((await run({ apply: true })).totals).toMatchObject({ inserted: 0, unchanged: 12_000 });
});

it('it takes many uploads, step by step', async () => {
  for (let i = 0; i < 12; i++) await test.upload(ada, payload(steps(...minutes(3, `Watch ${i}`))));
  await forget('true');
  const job = await run({ apply: true });
  expect(job.uploads).toEqual({ total: 12, done: 12, failed: 0 });
  expect(await test.rows(ada)).toHaveLength(36);
});

it('uploads outside the span are left alone, and replays are no uploads', async () => {
  await test.upload(ada, payload(steps(...minutes(3))));
  await run({ apply: true });
  expect((await run()).uploads.total).toBe(1);
  expect((await run({ to: '2026-01-02T00:00:00Z' })).uploads.total).toBe(0);
});

it('only what an older decoder has read, if one asks for that', async () => {
  const { decoders } = await test.upload(ada, payload(steps(...minutes(3))));
  const [version = 0] = decoders;
  expect(version).toBeGreaterThan(0);
  expect((await run({ decoder_below: version })).uploads.total).toBe(0);
  expect((await run({ decoder_below: version + 1 })).uploads.total).toBe(1);
});

it('an upload whose body is gone is named as failed, and the others are replayed', async () => {
  await test.upload(ada, payload(steps(...minutes(3))));
  for (const key of await test.archived(ada)) await (await test.archive()).delete(key);
  await test.upload(ada, payload(steps(...minutes(4, 'Phone'))));
  const job = await run();
  expect(job.uploads).toEqual({ total: 2, done: 2, failed: 1 });
  expect(job.totals.received).toBe(4);
});

describe('a job', () => {
  it('whose message is lost goes on with the clock', async () => {
    await test.upload(ada, payload(steps(...minutes(3))));
    const [job] = await test.stack.query(
      `with job as (
         insert into jobs (kind, user_id, key_id, correlation_id, from_at, to_at, applies, steps_total, touched_at)
         select 'replay', user_id, id, 'lost', '2026-01-01', '2100-01-01', false, 1, now() - interval '1 hour'
         from api_keys where user_id = $1 and kind = 'admin'
         returning id
       ), steps as (
         insert into job_steps (job_id, ordinal, ingestion_id, received_at)
         select job.id, 1, ingestions.id, received_at from job, ingestions where user_id = $1
       )
       select id from job`,
      [ada.id],
    );
    await test.ring('17 * * * *');
    for (let tries = 0; tries < 200; tries++) {
      if ((await jobOf(String(job?.id))).status === 'done') return;
      await setTimeout(50);
    }
    expect((await jobOf(String(job?.id))).status).toBe('done');
  });

  it('can be stopped', async () => {
    const { id } = await run({ to: '2026-01-02T00:00:00Z' });
    await test.stack.query(`update jobs set status = 'running' where id = $1`, [id]);
    const { body: stopped } = await admin(`jobs/${id}`, { method: 'DELETE' });
    expect(stopped.data.status).toBe('cancelled');
  });

  it('of an unknown person is refused, and a span must be two instants', async () => {
    expect((await start({ person: 'nobody@example.org' })).status).toBe(404);
    const { status, body } = await start({ from: 'yesterday' });
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, '/from']);
  });

  it('is on record, with its receipts and the key that asked', async () => {
    await test.upload(ada, payload(steps(...minutes(3))));
    await run({ apply: true });
    const { body } = await admin(`audit?person_id=${ada.id}`);
    const deeds = body.data as unknown as { action: string; key_id: string; object: string }[];
    expect(deeds.map(({ action }) => action)).toEqual(['replay', 'replay_job_started']);
    expect(new Set(deeds.map(({ key_id }) => key_id)).size).toBe(1);
  });
});
