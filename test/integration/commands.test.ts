import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorkers } from '../../local/stack/workers.ts';
import { metric, minutes, payload, steps } from './support/payloads.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** What a request costs in commands of Redis, as Upstash bills them: those that a script calls count, too. */

let test: TestStack;
let another: Miniflare;
beforeAll(async () => {
  test = await startTestStack();
  // An isolate that has not seen any key, beside the one that has.
  const options = { port: 0, host: '127.0.0.1', persistTo: null, vars: test.stack.vars };
  another = await startWorkers({
    ...options,
    only: ['api'],
    onLog: () => {},
    onRestart: async () => {},
  });
});
afterAll(async () => {
  await another?.dispose();
  await test.stack.stop();
});

/** Counters are flushed after ten seconds. */
const FLUSH_MS = 11_000;
const flushed = () => new Promise((resolve) => setTimeout(resolve, FLUSH_MS));

/** Commands of a piece of work, the flush of its counters included. */
async function commandsOf(work: () => Promise<unknown>): Promise<number> {
  const before = test.stack.bill.commands;
  await work();
  await flushed();
  return test.stack.bill.commands - before;
}

/** On a slow machine an isolate may have forgotten a key by then: it asks Redis. */
const RECALL = 1;

/** Those that cost more than they may. */
const tooMany = (counted: Record<string, number>, most: Record<string, number>) =>
  Object.entries(counted).filter(([kind, commands]) => commands > (most[kind] ?? 0));

/** As an hour of a phone that sends sixty metrics. */
const hourly = (hour: number) =>
  payload(
    ...Array.from({ length: 60 }, (_, i) => metric(`metric_${i}`, 'count', minutes(6, `${hour}`))),
  );

/** A key that is verified, and so remembered in Redis, without drawing on any allowance. */
async function verified(): Promise<Person> {
  const person = await test.newPerson();
  await Promise.all(Object.values(person.keys).map((key) => scrape(key)));
  return person;
}

/** Waits for a receipt without asking the API. */
async function closed(id: string): Promise<void> {
  const select = 'select 1 from ingestions where id = $1 and completed_at is not null';
  while ((await test.stack.query(select, [id])).length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const scrape = async (key: string) => {
  const headers = { Authorization: `Bearer ${key}` };
  await (await fetch(`${test.stack.url}/metrics`, { headers })).text();
};

const send = (url: string, { keys }: Person, body: string) =>
  fetch(`${url}/api/v1/sync`, {
    method: 'POST',
    body,
    headers: { Authorization: `Bearer ${keys.ing}` },
  });

describe('commands of Redis', () => {
  it('are at most eight for an hourly upload, and ten where its key is remembered nowhere', async () => {
    const [ada, grace, new_] = [await verified(), await verified(), await test.newPerson()];
    await flushed();
    const elsewhere = (await another.ready).origin;
    const counted = {
      'just seen': await commandsOf(() => test.post(grace, hourly(0))),
      /** MGET of the key and its mark; EVALSHA, INCRBY and PEXPIRE for requests and for bytes; RPUSH of the counters. */
      remembered: await commandsOf(() => send(elsewhere, ada, hourly(0))),
      'again in the same hour': await commandsOf(() => test.post(grace, hourly(1))),
      'the same body again': await commandsOf(() => test.post(grace, hourly(1))),
      /** And SET of the key, and GET of its mark. */
      'seen nowhere': await commandsOf(() => test.post(new_, hourly(0))),
    };
    expect(
      tooMany(counted, {
        remembered: 8,
        'just seen': 7,
        'again in the same hour': 5 + RECALL,
        'the same body again': 5 + RECALL,
        'seen nowhere': 10,
      }),
    ).toEqual([]);
  });

  it('do not grow with the slices of an upload, nor with what is counted', async () => {
    const ada = await verified();
    await flushed();
    const body = payload(steps(...minutes(34_000)));
    const counted = await commandsOf(async () => {
      const { slices, id } = (await test.post(ada, body)).body.data;
      expect(slices.total).toBeGreaterThanOrEqual(5);
      await closed(id);
    });
    // Six for the quotas, one that says that a receipt is open; a flush of the API, and one of each batch of the queue.
    expect(counted).toBeLessThanOrEqual(13);
  });

  it('are few for a question, and hardly any for looking whether all is well', async () => {
    const ada = await verified();
    await flushed();
    const question = () => test.call('/api/v1/metrics/step_count/samples', ada.keys.read);
    const health = () => test.call('/health', null);
    const counted = {
      'the first question of an hour': await commandsOf(question),
      'another question': await commandsOf(question),
      'ten questions at once': await commandsOf(() =>
        Promise.all(Array.from({ length: 10 }, question)),
      ),
      health: await commandsOf(health),
      'health, a hundred times': await commandsOf(async () => {
        for (let i = 0; i < 100; i++) await health();
      }),
      '/metrics': await commandsOf(() => scrape(ada.keys.admin)),
    };
    expect(
      tooMany(counted, {
        'the first question of an hour': 4 + RECALL,
        // Twenty are charged at once: these are charged already.
        'another question': 1 + RECALL,
        'ten questions at once': 1 + 10 * RECALL,
        health: 2,
        'health, a hundred times': 2,
        '/metrics': 3 + RECALL,
      }),
    ).toEqual([]);
  });
});
