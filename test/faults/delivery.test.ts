import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Bed, startBed } from './bed/bed.ts';
import { Ledger, RESTLESS } from './bed/ledger.ts';

/** What an at-least-once queue may do with its messages. */

let bed: Bed;
beforeAll(async () => {
  bed = await startBed({ seed: 3, vars: { ...RESTLESS, SLICE_BYTES: '4096' } });
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

const MESSAGES = 10_000;
/** One upload of this many points is some 190 slices of 4 KB. */
const POINTS = 12_000;

it(`${MESSAGES} messages, each twice, shuffled and late by up to 1,000 others, count once`, async () => {
  const ledger = await Ledger.open(bed);
  Object.assign(bed.broker.faults, { duplicate: 1, shuffle: true, lateBy: 1_000 });
  const before = { ...bed.broker.counters };
  while (bed.broker.counters.sent - before.sent < MESSAGES)
    await ledger.deliver(ledger.make(POINTS));
  await bed.broker.idle(400_000);
  const delivered = bed.broker.counters.delivered - before.delivered;
  bed.calm();
  await ledger.settle();
  await ledger.expectWhole();
  console.log('delivery', { messages: bed.broker.counters.sent - before.sent, delivered });
  expect(delivered).toBeGreaterThanOrEqual(2 * MESSAGES);
});

it('a consumer that dies 100 times after the commit and before the ack loads nothing twice', async () => {
  const ledger = await Ledger.open(bed);
  const before = { ...bed.broker.counters };
  bed.broker.loseOutcomes(100);
  // A batch has up to 20 messages: enough for more than 100 of them.
  for (let i = 0; i < 12; i++) await ledger.deliver(ledger.make(POINTS));
  await bed.broker.idle(400_000);
  await ledger.settle();
  await ledger.expectWhole();
  const redelivered = bed.broker.counters.redelivered - before.redelivered;
  console.log('died after commit', { redelivered });
  expect(redelivered).toBeGreaterThanOrEqual(100);
});
