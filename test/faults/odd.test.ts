import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SliceMessage } from '../../src/ingest/message.ts';
import { type Bed, startBed } from './bed/bed.ts';
import { Ledger, RESTLESS } from './bed/ledger.ts';

/** Clocks that disagree, slices in several hands, months that are missing, releases that change on the way. */

let bed: Bed;
beforeAll(async () => {
  bed = await startBed({ seed: 8, vars: RESTLESS });
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

const HOUR_MS = 3_600_000;
/** Some six slices: these go on the live lane. */
const LARGE = 1_500;
const SLICES = 'self-sensored-slices';

describe.each(['api', 'consumer'] as const)('the clock of the %s', (name) => {
  it.each([HOUR_MS, -HOUR_MS])('off by %d ms harms nothing', async (skew) => {
    const ledger = await Ledger.open(bed);
    await bed[name].restart({ CLOCK_SKEW_MS: String(skew) });
    await ledger.deliver(ledger.make(50));
    await ledger.deliver(ledger.make(LARGE));
    await bed.broker.idle();
    await bed[name].restart({ CLOCK_SKEW_MS: '0' });
    await ledger.deliver(ledger.make(LARGE));
    await ledger.settle();
    await ledger.expectWhole();
  });
});

/** Messages that wait, while no consumer is there to take them. */
async function waitingMessages(ledger: Ledger): Promise<SliceMessage[]> {
  await bed.consumer.kill();
  await ledger.deliver(ledger.make(LARGE));
  return bed.broker.waiting(SLICES) as SliceMessage[];
}

it('messages that wait say where bytes are, and never what they are', async () => {
  const messages = await waitingMessages(await Ledger.open(bed));
  await bed.consumer.restart();
  expect(messages.length).toBeGreaterThan(2);
  const said = JSON.stringify(messages);
  // The source of each point, and a field that only points have.
  expect(said).not.toContain('Watch');
  expect(said).not.toContain('qty');
  expect(said).toContain('step_count');
  await bed.broker.idle();
});

it('eight consumers on one slice load it once', async () => {
  const ledger = await Ledger.open(bed);
  const messages = await waitingMessages(ledger);
  for (let i = 0; i < 7; i++) bed.broker.send(SLICES, messages);
  await bed.consumer.restart();
  await bed.broker.idle();
  await ledger.settle();
  await ledger.expectWhole();
});

it('a month whose partition is missing is made by who needs it first', async () => {
  const ledger = await Ledger.open(bed);
  await bed.query('drop table if exists samples_2026_03');
  await Promise.all([1, 2, 3, 4].map(() => ledger.deliver(ledger.make(LARGE))));
  await ledger.settle();
  // What others had in the month went with it; theirs were other tests.
  await ledger.expectWhole();
});

describe('a release, while slices wait', () => {
  it('reads the messages of the one before', async () => {
    const ledger = await Ledger.open(bed);
    const messages = await waitingMessages(ledger);
    expect(messages.length).toBeGreaterThan(2);
    for (const { ingestion, archived } of messages) {
      // As the first release wrote them.
      for (const field of ['saidAt', 'replayOf', 'traceparent'] as const) delete ingestion[field];
      delete archived.cut;
    }
    await bed.consumer.restart();
    await bed.broker.idle();
    await ledger.settle();
    await ledger.expectWhole();
  });

  it('that cuts in another way loads the whole body anew, and marks the old receipt', async () => {
    const ledger = await Ledger.open(bed);
    await ledger.deliver(ledger.make(1));
    bed.broker.failSend('before', { probability: 1 });
    const { body } = await bed.post(ledger.person, ledger.make(LARGE).body);
    const { id } = body.data;
    // The hash of a cut that this release does not make.
    await bed.query(`update ingestions set cut = '16384:1' where id = $1`, [id]);
    bed.calm();
    await ledger.settle();
    const old = await bed.closed(ledger.person, id);
    expect([old.status, old.failure?.code]).toEqual(['failed', 'cut_changed']);
    const [replayed] = await bed.query('select id from ingestions where replay_of = $1', [id]);
    const receipt = await bed.closed(ledger.person, String(replayed?.id));
    expect(receipt.totals.inserted).toBe(LARGE);
  });
});

describe('dead letters', () => {
  it('are tried once more, and loaded if they can be', async () => {
    const ledger = await Ledger.open(bed);
    const messages = await waitingMessages(ledger);
    const dead = messages.map((message) => structuredClone(message));
    messages.splice(0);
    bed.broker.send('self-sensored-dead', dead);
    await bed.consumer.restart();
    await bed.broker.idle();
    await ledger.settle();
    await ledger.expectWhole();
  });

  /** An upload of which one slice is given up by the queue, whatever the others do. @returns its id */
  const giveUpOne = async (ledger: Ledger): Promise<string> => {
    await bed.consumer.kill();
    const { body } = await bed.post(ledger.person, ledger.make(LARGE).body);
    const [message] = bed.broker.waiting(SLICES) as SliceMessage[];
    bed.broker.send('self-sensored-dead', [message]);
    return body.data.id;
  };
  const waits = () => bed.logs.filter((line) => line.includes('"slice retry"')).length;

  it.each([
    ['archive', () => bed.cloud.failNext('get', 'error', { probability: 1 })],
    ['database', () => bed.database.behave({ kind: 'shape', name: 'any' })],
  ])('wait while the %s is away, and fail no receipt', async (_, begin) => {
    const ledger = await Ledger.open(bed);
    const id = await giveUpOne(ledger);
    const before = waits();
    begin();
    await bed.consumer.restart();
    await vi.waitUntil(() => waits() > before + 5, { timeout: 30_000 });
    bed.calm();
    expect((await bed.closed(ledger.person, id)).status).toBe('stored');
    await bed.broker.idle();
  });

  it('that still cannot be loaded close their receipt as failed, with the reason', async () => {
    const ledger = await Ledger.open(bed);
    const id = await giveUpOne(ledger);
    await bed.query('alter table samples add constraint no_items check (value < 0) not valid');
    await bed.consumer.restart();
    const receipt = await bed.closed(ledger.person, id);
    expect([receipt.status, receipt.failure?.code]).toEqual(['failed', 'slice_not_loadable']);
    await bed.query('alter table samples drop constraint no_items');
    await bed.broker.idle();
  });
});
