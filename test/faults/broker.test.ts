import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpServer } from '../../local/stack/http-server.ts';
import { type Broker, startBroker } from './bed/broker.ts';
import { listen } from './bed/http.ts';
import { seeded } from './bed/random.ts';
import { type Delivered, LOSE_OUTCOME, type Outcome } from './bed/workers/protocol.ts';

/** The queues of the bed before a consumer of this file. */

const SLICES = 'self-sensored-slices';
const DEAD = 'self-sensored-dead';
const ACK: Outcome = { ack: true };
const AGAIN: Outcome = { ack: false, delaySeconds: null };

let broker: Broker;
let consumer: HttpServer;
let decide: (message: Delivered, queue: string) => Outcome;
/** `body` of what has come, batch by batch. */
let batches: number[][];
let atOnce: number;
let most: number;

beforeEach(async () => {
  decide = () => ACK;
  batches = [];
  [atOnce, most] = [0, 0];
  consumer = await listen(async (request, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    const messages = (await json(request)) as Delivered[];
    batches.push(messages.map(({ body }) => Number(body)));
    // Long enough that batches overlap on a loaded machine, too.
    await setTimeout(50);
    const queue = (request.url ?? '').replace('/queue/', '');
    atOnce -= 1;
    const lost = request.headers[LOSE_OUTCOME] !== undefined;
    response
      .writeHead(lost ? 500 : 200)
      .end(JSON.stringify(messages.map((message) => decide(message, queue))));
  });
  broker = await startBroker({ consumerUrl: consumer.url, random: seeded(7), speed: 100 });
});
afterEach(async () => {
  await broker.stop();
  await consumer.stop();
});

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const arrived = () => batches.flat();
const sorted = (all: number[]) => all.toSorted((a, b) => a - b);
const post = (bodies: unknown[], delaySeconds: number | null = null) =>
  fetch(`${broker.url}/${SLICES}`, {
    method: 'POST',
    body: JSON.stringify(bodies.map((body) => ({ body, delaySeconds }))),
  });

describe('without faults', () => {
  it('all arrive once, in batches and at once as the wrangler file allows', async () => {
    expect((await post(numbers(100))).status).toBe(204);
    await broker.idle();
    expect(sorted(arrived())).toEqual(numbers(100));
    expect(batches.map(({ length }) => length)).toEqual([20, 20, 20, 20, 20]);
    expect(most).toBe(4);
    expect(broker.counters).toEqual({
      sent: 100,
      delivered: 100,
      redelivered: 0,
      acked: 100,
      dead: 0,
    });
  });

  it('a delay is kept, as much faster as asked for', async () => {
    const began = Date.now();
    await post([1], 30);
    await broker.idle();
    expect(Date.now() - began).toBeGreaterThanOrEqual(295);
    expect(arrived()).toEqual([1]);
  });

  it.each([
    ['101 messages', numbers(101)],
    ['a message of 129 KB', ['x'.repeat(129_000)]],
    ['a batch of 300 KB', numbers(3).map(() => 'x'.repeat(100_000))],
    ['nothing', []],
  ])('%s is refused', async (_, bodies) => {
    expect((await post(bodies)).status).toBe(500);
    expect(broker.counters.sent).toBe(0);
  });
});

describe('a consumer that does not acknowledge', () => {
  it('gets only what it has sent back, counted', async () => {
    const attempts: number[] = [];
    decide = ({ body, attempts: attempt }) => {
      if (body === 3) attempts.push(attempt);
      return body === 3 && attempt < 3 ? { ack: false, delaySeconds: 1 } : ACK;
    };
    await post(numbers(5));
    await broker.idle();
    expect(sorted(arrived())).toEqual([0, 1, 2, 3, 3, 3, 4]);
    expect(attempts).toEqual([1, 2, 3]);
    expect(broker.counters.redelivered).toBe(2);
  });

  it('gets all of a batch again whose outcome was lost', async () => {
    broker.loseOutcomes(1);
    await post(numbers(5));
    await broker.idle();
    expect(batches).toEqual([numbers(5), numbers(5)]);
  });

  it('is given up on after as many retries as the wrangler file allows', async () => {
    const attempts: Record<string, number> = {};
    decide = (message, queue) => {
      attempts[queue] = message.attempts;
      return queue === SLICES ? AGAIN : ACK;
    };
    await post([1]);
    await broker.idle();
    expect(broker.counters.dead).toBe(1);
    expect(attempts).toEqual({ [SLICES]: 101, [DEAD]: 1 });
  });
});

describe('a consumer that is away', () => {
  it('misses nothing, and no attempt is counted', async () => {
    const { port } = new URL(consumer.url);
    await consumer.stop();
    await post(numbers(3));
    await setTimeout(120);
    expect(broker.counters.delivered).toBe(0);
    const attempts: number[] = [];
    consumer = await listen(async (request, response) => {
      const messages = (await json(request)) as Delivered[];
      attempts.push(...messages.map((message) => message.attempts));
      response.end(JSON.stringify(messages.map(() => ACK)));
    }, Number(port));
    await broker.idle();
    expect(attempts).toEqual([1, 1, 1]);
  });
});

describe('with faults', () => {
  it('every message comes as often as asked for', async () => {
    broker.faults.duplicate = 2;
    await post(numbers(4));
    await broker.idle();
    expect(sorted(arrived())).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
  });

  it('shuffled, all come in another order', async () => {
    broker.faults.shuffle = true;
    await post(numbers(50));
    await broker.idle();
    expect(arrived()).not.toEqual(numbers(50));
    expect(sorted(arrived())).toEqual(numbers(50));
  });

  it('late ones let others pass, and come after all', async () => {
    broker.faults.lateBy = 30;
    await post(numbers(50));
    await broker.idle();
    expect(arrived()).not.toEqual(numbers(50));
    expect(sorted(arrived())).toEqual(numbers(50));
  });

  it.each([
    ['before', []],
    ['middle', numbers(5)],
    ['after', numbers(10)],
  ] as const)('sending that breaks %s has stored that much', async (where, stored) => {
    broker.failSend(where);
    expect((await post(numbers(10))).status).toBe(500);
    await broker.idle();
    expect(arrived()).toEqual(stored);
    expect((await post([99])).status).toBe(204);
    await broker.idle();
    expect(arrived()).toEqual([...stored, 99]);
  });
});
