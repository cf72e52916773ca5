import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rawKeyOf } from '../../src/store/raw-keys.ts';
import { AT, metric, minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

const SWEEP_AFTER_SECONDS = 3;

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack({ SWEEP_AFTER_SECONDS: String(SWEEP_AFTER_SECONDS) });
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterAll(() => test.stack.stop());

const sweep = () => test.ring('*/10 * * * *');

interface Findings {
  receipts: Record<string, number>;
  archive: Record<string, number>;
  not_closing: string[];
}

async function reconcile(body: object = {}): Promise<Findings> {
  const answer = await test.call('/api/v1/admin/reconcile', ada.keys.admin, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });
  expect(answer.status).toBe(200);
  return answer.body.data as unknown as Findings;
}

const HOUR_MS = 3_600_000;

/** An upload of an hour ago of which only the archive knows, as after a power cut. */
async function strand(body: string, description = true, ageMs = HOUR_MS): Promise<string> {
  const receivedAt = Date.now() - ageMs;
  const id = uuidv7({ msecs: receivedAt });
  const [key] = await test.stack.query(
    `select id from api_keys where user_id = $1 and kind = 'ing'`,
    [ada.id],
  );
  const upload = {
    id,
    userId: ada.id,
    keyId: key?.id,
    receivedAt,
    saidAt: receivedAt,
    replayOf: null,
    correlationId: 'stranded',
    timeZone: 'Europe/Vienna',
    automation: { name: null, id: null, aggregation: null, period: null, sessionId: null },
    idempotencyKey: null,
  };
  const metadata = description ? { upload: JSON.stringify(upload) } : {};
  await (await test.archive()).put(rawKeyOf(ada.id, receivedAt, id), body, {
    customMetadata: metadata,
  });
  return id;
}

/** The same, once its request cannot be at work any more. */
async function strandLongAgo(...upload: Parameters<typeof strand>): Promise<string> {
  const id = await strand(...upload);
  await setTimeout(SWEEP_AFTER_SECONDS * 1000 + 100);
  return id;
}

/** The same, with an open receipt. */
async function strandWithReceipt(body: string, cut: string | null, slices: number) {
  const id = await strand(body);
  await test.stack.query(
    `insert into ingestions (id, received_at, user_id, key_id, correlation_id, bytes, sha256, raw_key,
       automation, status, slices_total, cut)
     select $1, $2, user_id, id, 'stranded', 1, 'x', $3,
       '{"name":null,"id":null,"aggregation":null,"period":null,"sessionId":null}', 'queued', $4, $5
     from api_keys where user_id = $6 and kind = 'ing'`,
    [id, new Date(timeOf(id)).toISOString(), await keyOf(id), String(slices), cut, ada.id],
  );
  return id;
}

const timeOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
const keyOf = async (id: string): Promise<string> =>
  (await test.archived(ada)).find((key) => key.endsWith(id)) ?? '';

/** Enough for two slices. */
const LARGE = payload(steps(...minutes(12_000)));

describe('a body without a receipt', () => {
  it('is found in the archive, and loaded', async () => {
    const id = await strandLongAgo(LARGE);
    expect((await reconcile()).archive.adopted).toBe(1);
    const receipt = await test.closed(ada, id);
    expect(receipt.status).toBe('stored');
    expect(await test.rows(ada)).toHaveLength(12_000);
    expect((await reconcile()).archive.adopted).toBe(0);
  });

  it('is moved away if it is no payload: its upload ended before it could be refused', async () => {
    const id = await strandLongAgo('{"data":{"metrics":[');
    expect((await reconcile()).archive.rejected).toBe(1);
    expect(await test.archived(ada)).toEqual([expect.stringContaining(`rejected/${ada.id}/`)]);
    expect((await test.archived(ada))[0]).toContain(id);
  });

  it('is named, and left, if it does not say what it is', async () => {
    await strandLongAgo(payload(steps(...minutes(3))), false);
    const { archive } = await reconcile();
    expect([archive.adopted, archive.left]).toEqual([0, 1]);
    // It would be counted by the tests that follow.
    await (await test.archive()).delete((await test.archived(ada))[0] ?? '');
  });

  it('since the last hourly run is found by the next one', async () => {
    // In this database another stack may have walked through its own archive already.
    await test.ring('17 * * * *');
    const id = await strandLongAgo(LARGE, true, 0);
    await test.ring('17 * * * *');
    expect((await test.closed(ada, id)).totals.inserted).toBe(12_000);
  });

  it('of two days back is found by the first hourly run', async () => {
    const id = await strandLongAgo(LARGE, true, 47 * HOUR_MS);
    await test.stack.query(`delete from maintenance_tasks where task = 'adopt'`);
    await test.ring('17 * * * *');
    expect((await test.closed(ada, id)).totals.inserted).toBe(12_000);
  });

  it('is looked for on the days that are named, of the person who is named', async () => {
    await strandLongAgo(payload(steps(...minutes(3))));
    const far = { from: '2026-01-01', to: '2026-01-31' };
    expect((await reconcile(far)).archive).toMatchObject({ bodies: 0, adopted: 0 });
    const bob = await test.newPerson();
    const [{ email } = {}] = await test.stack.query('select email from users where id = $1', [
      bob.id,
    ]);
    expect((await reconcile({ person: email })).archive.bodies).toBe(0);
    expect((await reconcile()).archive.adopted).toBe(1);
  });
});

describe('a receipt that does not close', () => {
  it('has its slices sent again', async () => {
    const id = await strandWithReceipt(LARGE, null, 2);
    const { receipts } = await reconcile();
    expect(receipts).toMatchObject({ uploads: 1, slices: 2 });
    const receipt = await test.closed(ada, id);
    expect(receipt.totals).toMatchObject({ received: 12_000, inserted: 12_000 });
  });

  it('has only those sent again that are missing', async () => {
    const id = await strandWithReceipt(LARGE, null, 2);
    await reconcile();
    await test.closed(ada, id);
    await test.stack.query(
      `with gone as (delete from ingestion_slices where ingestion_id = $1 and slice = 1)
       update ingestions set completed_at = null, slices_loaded = 1, swept_at = null, sweeps = 0 where id = $1`,
      [id],
    );
    // A load of just now is a sign of life; this one stays so, however slow the machine.
    await test.stack.query(
      `update ingestion_slices set loaded_at = loaded_at + interval '1 hour' where ingestion_id = $1`,
      [id],
    );
    expect((await reconcile()).receipts.uploads).toBe(0);
    await test.stack.query(
      `update ingestion_slices set loaded_at = loaded_at - interval '2 hours' where ingestion_id = $1`,
      [id],
    );
    expect((await reconcile()).receipts).toMatchObject({ uploads: 1, slices: 1 });
    expect((await test.closed(ada, id)).slices).toEqual({ total: 2, loaded: 2 });
  });

  it('is swept by the clock only where something was left open, for a database that sleeps is left asleep', async () => {
    // Takes away the mark that another test may have left.
    await sweep();
    const id = await strandWithReceipt(LARGE, null, 2);
    await sweep();
    expect((await receiptOf(id)).completed_at).toBeNull();

    await test.post(ada, payload());
    test.stack.database.pause();
    await test.post(ada, payload(steps({ qty: 1, date: AT })));
    test.stack.database.resume();
    await sweep();
    await test.closed(ada, id);
  });

  it('is failed and replayed if this release cuts the body in another way', async () => {
    const id = await strandWithReceipt(LARGE, '524288:1', 2);
    expect((await reconcile()).receipts.replayed).toBe(1);
    const failed = await receiptOf(id);
    expect([failed.status, failed.failure?.code]).toEqual(['failed', 'cut_changed']);
    await until(async () => (await test.rows(ada)).length === 12_000);
    const [replayed] = await test.stack.query('select id from ingestions where replay_of = $1', [
      id,
    ]);
    expect((await test.closed(ada, String(replayed?.id))).status).toBe('stored');
  });

  it('is not what the same body is answered with, if this release cuts it in another way', async () => {
    const id = await strandWithReceipt(LARGE, '1024:1', 2);
    await test.stack.query(
      `update ingestions set sha256 = encode(sha256(convert_to($2, 'UTF8')), 'hex') where id = $1`,
      [id, LARGE],
    );
    const { headers, body } = await test.post(ada, LARGE);
    expect(headers.get('idempotency-replayed')).toBeNull();
    expect(body.data.id).not.toBe(id);
    expect((await test.closed(ada, body.data.id)).totals.inserted).toBe(12_000);
    await test.stack.query('delete from ingestions where id = $1', [id]);
  });

  it('is failed if the body is gone', async () => {
    const id = await strandWithReceipt(LARGE, null, 2);
    await (await test.archive()).delete(await keyOf(id));
    expect((await reconcile()).receipts.gone).toBe(1);
    expect((await receiptOf(id)).failure?.code).toBe('body_gone');
  });
});

const receiptOf = async (id: string) =>
  (await test.call(`/api/v1/ingestions/${id}`, ada.keys.read)).body.data;

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await done()) return;
    await setTimeout(50);
  }
  throw new Error('It did not come about.');
}

describe('a receipt that is complete, but does not add up', () => {
  it('is an alarm', async () => {
    const { id } = await test.upload(ada, payload(steps(...minutes(5))));
    await test.stack.query('update ingestions set slices_total = 2 where id = $1', [id]);
    expect((await reconcile()).not_closing).toEqual([id]);
    expect(test.logs.join()).toContain('receipt does not close');
    await test.stack.query('update ingestions set slices_total = 1 where id = $1', [id]);
    expect((await reconcile()).not_closing).toEqual([]);
  });
});

describe('an element that the database will not take', () => {
  beforeAll(() =>
    test.stack.query('alter table samples add constraint no_poison check (value <> 666.5)'),
  );
  afterAll(() => test.stack.query('alter table samples drop constraint no_poison'));

  it.each([
    ['a small upload', 40],
    ['a large one', 12_000],
  ])('is set aside, and its neighbours in %s are stored', async (_, count) => {
    const points = minutes(count);
    const bad = [7, count / 2];
    for (const i of bad) points[i] = { ...points[i], qty: 666.5 };
    const receipt = await test.upload(ada, payload(steps(...points)));
    expect(receipt.status).toBe('stored_with_issues');
    expect(receipt.issues.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      ...bad.map((i) => `not_loadable /data/metrics/0/data/${i}`),
    ]);
    expect(receipt.totals.set_aside).toBe(2);
    expect(receipt.totals.inserted).toBe(count - 2);
    expect(await test.rows(ada)).toHaveLength(count - 2);
  });
});

describe('the lanes', () => {
  it('ten years of history do not delay today', async () => {
    const history = minutes(400_000).map((point) => ({ ...point, source: 'History' }));
    const { body } = await test.post(ada, payload(metric('step_count', 'count', history)));
    const today = await test.upload(ada, LARGE);
    const done = await test.closed(ada, body.data.id);
    expect(Date.parse(today.received_at)).toBeGreaterThan(Date.parse(done.received_at));
    expect(String(today.completed_at) < String(done.completed_at)).toBe(true);
  });
});

describe('a machine that was stopped while slices waited', () => {
  it('loads them when it starts again, however short the time it was down', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'self-sensored-stopped-'));
    // Without a consumer the messages stay in the queue, and are gone with the process.
    const first = await startTestStack({}, { dataDir, only: ['api'] });
    const person = await first.newPerson();
    const { status, body } = await first.post(person, LARGE);
    expect(status).toBe(202);
    await first.stack.stop();

    const second = await startTestStack({}, { dataDir, cron: true });
    const receipt = await second.closed(person, body.data.id);
    expect(receipt.totals).toMatchObject({ received: 12_000, inserted: 12_000 });
    await second.stack.stop();
    await rm(dataDir, { recursive: true });
  });
});
