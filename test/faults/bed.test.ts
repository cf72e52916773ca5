import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { minutes, payload, steps } from '../integration/support/payloads.ts';
import { accounts } from '../integration/support/receipts.ts';
import { type Bed, startBed } from './bed/bed.ts';
import { readCrons } from './bed/config.ts';
import type { Person } from './bed/people.ts';

/** The bed itself: what it is to break is broken, and the rest goes on. */

let bed: Bed;
let ada: Person;
beforeAll(async () => {
  bed = await startBed({ seed: 1 });
});
beforeEach(async () => {
  ada = await bed.newPerson();
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

const COUNT = 12_000;
const large = () => payload(steps(...minutes(COUNT)));

async function send(body: BodyInit = large()): Promise<string> {
  const { status, body: answer } = await bed.post(ada, body);
  expect(status).toBe(202);
  return answer.data.id;
}

async function expectStored(id: string, count = COUNT): Promise<void> {
  const receipt = await bed.closed(ada, id);
  expect(accounts(receipt)).toBe(true);
  expect(receipt.status).toBe('stored');
  expect(receipt.totals).toMatchObject({ received: count, inserted: count });
  const [row] = await bed.query(
    `select count(*) as n from samples join series on series.id = series_id where user_id = $1`,
    [ada.id],
  );
  expect(row?.n).toBe(String(count));
}

/** Of a multipart upload, at least. */
const PART_BYTES = 5 * 1024 * 1024;

describe('with nothing broken', () => {
  it('a large upload passes through both processes and the broker, and its receipt closes', async () => {
    const before = { ...bed.broker.counters };
    await expectStored(await send());
    await bed.broker.idle();
    const { acked, redelivered } = bed.broker.counters;
    expect(acked - before.acked).toBeGreaterThan(1);
    expect(redelivered).toBe(before.redelivered);
    expect(bed.api.pid).not.toBe(bed.consumer.pid);
  });

  it('a body of unknown length goes up in parts, with its description', async () => {
    // Notes that do not pack, so that what is stored is more than a part.
    const noted = minutes(80_000).map((point) => ({
      ...point,
      note: randomBytes(72).toString('base64'),
    }));
    const body = payload(steps(...noted));
    const response = await bed.call('/api/v1/sync', ada.keys.ing, {
      method: 'POST',
      body: gzipSync(body),
      headers: { 'Content-Encoding': 'gzip' },
    });
    await expectStored(response.body.data.id, 80_000);
    const { objects: all } = await bed.cloud.bucket.list({ prefix: 'raw/' });
    const objects = all.filter(({ key }) => key.includes(ada.id));
    expect(objects).toHaveLength(1);
    expect(objects[0]?.size).toBeGreaterThan(PART_BYTES);
    expect(objects[0]?.size).toBeLessThan(body.length);
    const stored = await bed.cloud.bucket.head(objects[0]?.key ?? '');
    expect(Object.keys(stored?.customMetadata ?? {})).not.toEqual([]);
  });
});

describe('a Worker that is killed', () => {
  it('the API answers again in the same place', async () => {
    const { pid, url } = bed.api;
    await bed.api.kill();
    await expect(bed.call('/health', null)).rejects.toThrow();
    await bed.api.restart();
    expect([bed.api.url, (await bed.call('/health', null)).status]).toEqual([url, 200]);
    expect(bed.api.pid).not.toBe(pid);
  });

  it('a body that was coming in is gone, and comes again', async () => {
    const body = Buffer.from(large());
    const half = new ReadableStream({
      start: (controller) => controller.enqueue(body.subarray(0, body.length >> 1)),
    });
    const broken = bed.post(ada, half).then(
      () => 'answered',
      () => 'broken',
    );
    await setTimeout(300);
    await bed.api.kill();
    expect(await broken).toBe('broken');
    await bed.api.restart();
    await expectStored(await send(body));
  });

  it('the consumer leaves what it had in hand to be delivered again', async () => {
    bed.database.behave({ kind: 'slow', ms: 100 });
    const before = { ...bed.broker.counters };
    const id = await send();
    await vi.waitUntil(() => bed.broker.inFlight > 0, { timeout: 10_000, interval: 5 });
    await bed.consumer.kill();
    bed.calm();
    await bed.consumer.restart();
    await expectStored(id);
    await bed.broker.idle();
    expect(bed.broker.counters.redelivered).toBeGreaterThan(before.redelivered);
  });

  it('what it has worked off but not acknowledged counts once', async () => {
    bed.broker.loseOutcomes(1);
    const before = { ...bed.broker.counters };
    const id = await send();
    await bed.broker.idle();
    await expectStored(id);
    expect(bed.broker.counters.redelivered).toBeGreaterThan(before.redelivered);
  });
});

describe('a Postgres that is killed', () => {
  it('has what it has committed once it is back, and the rest follows', async () => {
    bed.database.behave({ kind: 'slow', ms: 50 });
    const id = await send();
    await vi.waitUntil(() => bed.broker.inFlight > 0, { timeout: 10_000, interval: 5 });
    await bed.postgres.kill();
    await expect(bed.query('select 1')).rejects.toThrow();
    bed.calm();
    await bed.postgres.start();
    await expectStored(id);
    await bed.broker.idle();
  });
});

describe('queues', () => {
  it.each(['duplicate', 'shuffle', 'lateBy'] as const)(
    'with %s all is stored once',
    async (fault) => {
      Object.assign(bed.broker.faults, { [fault]: fault === 'shuffle' ? true : 3 });
      const id = await send();
      await bed.broker.idle();
      await expectStored(id);
    },
  );
});

describe('cron triggers', () => {
  it.each(readCrons())('%s runs to its end', (cron) => bed.scheduled(cron));

  it('one that is not known fails', async () => {
    await expect(bed.scheduled('* * * * *')).rejects.toThrow('500');
  });
});

describe('clocks', () => {
  it('a Worker may live in another day, and comes back', async () => {
    const day = 86_400_000;
    const aheadBy = async () => {
      const { body } = await bed.post(ada, payload(steps(...minutes(1))));
      return (Date.parse(body.data.received_at) - Date.now()) / day;
    };
    await bed.api.restart({ CLOCK_SKEW_MS: String(3 * day) });
    expect(await aheadBy()).toBeCloseTo(3, 2);
    await bed.api.restart({ CLOCK_SKEW_MS: '0' });
    ada = await bed.newPerson();
    expect(await aheadBy()).toBeCloseTo(0, 2);
  });
});
