import { setTimeout } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SliceMessage } from '../../src/ingest/message.ts';
import { AT, minutes, payload, steps } from './support/payloads.ts';
import { accounts } from './support/receipts.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack();
});
beforeEach(async () => {
  ada = await test.newPerson();
  // The key is known from here on.
  await test.post(ada, payload());
});
afterEach(() => {
  test.stack.database.resume();
  test.stack.redis.resume();
});
afterAll(() => test.stack.stop());

describe('with the database away', () => {
  it.each([
    ['a small upload', 5],
    ['a large upload', 12_000],
  ])('%s is taken, and stored once it is back', async (_, count) => {
    test.stack.database.pause();
    const { status, body } = await test.post(ada, payload(steps(...minutes(count))));
    expect([status, body.data.status]).toEqual([202, 'queued']);
    expect(await test.archived(ada)).toContainEqual(expect.stringContaining(body.data.id));

    test.stack.database.resume();
    const receipt = await test.closed(ada, body.data.id);
    expect(receipt.status).toBe('stored');
    expect(receipt.totals).toMatchObject({ received: count, inserted: count });
    expect(await test.rows(ada)).toHaveLength(count);
  });

  it('what a key reads that nobody remembers cannot be checked', async () => {
    const stranger = await test.newPerson();
    test.stack.database.pause();
    const { status, headers, body } = await test.call('/api/v1/summary', stranger.keys.read);
    expect([status, body.error]).toEqual([503, 'database_unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('with the cache away', () => {
  it('uploads and questions go on, without a quota', async () => {
    test.stack.redis.pause();
    const { status, headers, body } = await test.post(ada, payload(steps(...minutes(5))));
    expect(status).toBe(200);
    expect(headers.has('ratelimit')).toBe(false);
    expect(body.data.totals.inserted).toBe(5);
    expect((await test.call('/api/v1/metrics/steps/samples', ada.keys.read)).status).toBe(200);
  });
});

describe('the same upload many times at once', () => {
  it('is stored once, and every receipt accounts for every item', async () => {
    const body = payload(steps(...minutes(12_000)));
    const answers = await Promise.all(Array.from({ length: 5 }, () => test.post(ada, body)));
    const ids = new Set(answers.map((answer) => answer.body.data.id));
    const receipts = await Promise.all([...ids].map((id) => test.closed(ada, id)));
    expect(receipts.every(accounts)).toBe(true);
    expect(receipts.reduce((sum, { totals }) => sum + totals.inserted, 0)).toBe(12_000);
    expect(await test.rows(ada)).toHaveLength(12_000);
  });
});

/** The one message of a small upload that came at `receivedAt`: its body is put into the archive by hand. */
async function messageOf(text: string, receivedAt: number, period: string | null = null) {
  const [key] = await test.stack.query(
    `select id from api_keys where user_id = $1 and kind = 'ing'`,
    [ada.id],
  );
  const id = uuidv7({ msecs: receivedAt });
  const rawKey = `raw/${ada.id}/by-hand/${id}`;
  await (await test.archive()).put(rawKey, text);
  const automation = { name: null, id: null, aggregation: 'Days', period, sessionId: null };
  const message: SliceMessage = {
    version: 1,
    ingestion: {
      id,
      userId: ada.id,
      keyId: String(key?.id),
      receivedAt,
      correlationId: id,
      timeZone: 'UTC',
      automation,
      idempotencyKey: null,
    },
    archived: { rawKey, bytes: text.length, sha256: 'not looked at' },
    slicesTotal: 1,
    slice: {
      number: 0,
      start: 0,
      end: text.length,
      opening: '',
      closing: '',
      items: JSON.parse(text).data.metrics?.[0]?.data.length ?? 1,
      place: { section: '', element: 0, point: 0 },
    },
  };
  return message;
}

const settled = (id: string, outcome: string) =>
  test.logs.filter((line) => line.includes(`"slice ${outcome}"`) && line.includes(id)).length;

async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; !done() && tries < 200; tries++) await setTimeout(50);
  expect(done()).toBe(true);
}

describe('uploads that are loaded out of turn', () => {
  /** The one value that is left when uploads of it are loaded in this order. */
  const left = async (...uploads: [minute: number, qty: number, period?: string][]) => {
    const day = Date.now() - 86_400_000;
    for (const [minute, qty, period] of uploads) {
      const text = payload(steps({ qty, date: AT }));
      const message = await messageOf(text, day + minute * 60_000, period);
      await test.enqueue([message]);
      await test.closed(ada, message.ingestion.id);
    }
    return (await test.rows(ada)).map(({ numbers }) => Number(numbers));
  };

  it('an earlier one does not overwrite what a later one knew', async () => {
    expect(await left([2, 5], [1, 9])).toEqual([5]);
  });

  it('parts of a bucket come to the same in any order', async () => {
    const [first, second] = [
      [1, 7, 'Since Last Sync'] as const,
      [2, 3, 'Since Last Sync'] as const,
    ];
    expect(await left([...first], [...second])).toEqual([7]);
    expect(await left([...second], [...first])).toEqual([7]);
  });

  it('an earlier part does not make room for what is older than the row', async () => {
    // Minute 3 says 5, and a part from minute 1 may raise that. What minute 2 said is outdated either way.
    const [value] = await left([3, 5], [1, 7, 'Since Last Sync'], [2, 6]);
    expect([5, 7]).toContain(value);
  });
});

describe('a slice that several consumers have at once', () => {
  it('counts once', async () => {
    const message = await messageOf(payload(steps(...minutes(500))), Date.now());
    await test.enqueue(Array.from({ length: 8 }, () => message));
    const { id } = message.ingestion;
    await until(() => settled(id, 'loaded') + settled(id, 'duplicate') >= 8);
    expect([settled(id, 'loaded'), settled(id, 'duplicate')]).toEqual([1, 7]);
    const receipt = await test.closed(ada, id);
    expect(receipt.totals).toMatchObject({ received: 500, inserted: 500 });
    expect(receipt.slices).toEqual({ total: 1, loaded: 1 });
    expect(await test.rows(ada)).toHaveLength(500);
  });
});

describe('a slice that can never be loaded', () => {
  it('closes its receipt as failed, even if the database hears of the upload by that alone', async () => {
    const message = await messageOf('{"data":{"metrics":[]}}', Date.now());
    // The cut counted two items where there are none: the decoder refuses to go on.
    message.slice.items = 2;
    const { id } = message.ingestion;
    await test.enqueue([message]);
    await until(() => settled(id, 'failed') === 1);
    const { status, body } = await test.call(`/api/v1/ingestions/${id}`, ada.keys.ing);
    expect([status, body.data?.status]).toEqual([200, 'failed']);
  });

  it('does not keep the same body from being loaded when it is sent again', async () => {
    const body = payload(steps(...minutes(3)));
    const first = await test.upload(ada, body);
    await test.stack.query("update ingestions set status = 'failed' where id = $1", [first.id]);
    const second = await test.upload(ada, body);
    expect(second.id).not.toBe(first.id);
    expect(second.totals).toMatchObject({ received: 3, unchanged: 3 });
  });

  it('is not tried for ever if it is no message of ours', async () => {
    await test.enqueue([{ version: 2 } as unknown as SliceMessage]);
    await until(() => test.logs.some((line) => line.includes('"slice unrecognised"')));
  });
});

describe('a slice that is delivered again', () => {
  it('counts once', async () => {
    const receipt = await test.upload(ada, payload(steps(...minutes(12_000))));
    // As a queue may do: the messages of a receipt that has not closed are sent anew when its body comes again.
    await test.stack.query('update ingestions set completed_at = null where id = $1', [receipt.id]);
    const again = await test.post(ada, payload(steps(...minutes(12_000))));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.data.id).toBe(receipt.id);

    await until(() => settled(receipt.id, 'duplicate') === receipt.slices.total);
    const { body } = await test.call(`/api/v1/ingestions/${receipt.id}`, ada.keys.read);
    expect(body.data.totals).toEqual(receipt.totals);
    expect(body.data.slices).toEqual(receipt.slices);
  });
});
