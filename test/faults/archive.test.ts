import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CRONS } from '../../src/maintenance/crons.ts';
import { type Bed, startBed } from './bed/bed.ts';
import { Ledger, RESTLESS } from './bed/ledger.ts';

/** An archive that fails, is slow, or gives back less than it took. */

let bed: Bed;
beforeAll(async () => {
  bed = await startBed({ seed: 5, vars: RESTLESS });
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

const SMALL = 50;
const LARGE = 3_000;

describe.each([
  ['a small upload', SMALL],
  ['a large one', LARGE],
])('%s', (_, points) => {
  it.each(['error', 'broken', 'lost'] as const)(
    'is refused with a 503 while a put ends as %s, and taken when it comes again',
    async (fault) => {
      const ledger = await Ledger.open(bed);
      const sent = ledger.make(points);
      bed.cloud.failNext('put', fault);
      expect(await ledger.post(sent.body)).toBe(503);
      await ledger.deliver(sent);
      await ledger.settle();
      await ledger.expectWhole();
    },
  );

  it('waits for a slow put', async () => {
    const ledger = await Ledger.open(bed);
    bed.cloud.failNext('put', 'slow', 3);
    for (let i = 0; i < 3; i++) await ledger.deliver(ledger.make(points));
    await ledger.settle();
    await ledger.expectWhole();
    expect(ledger.repeated).toBe(0);
  });

  it('breaks off on the way, and nothing of it is stored', async () => {
    const ledger = await Ledger.open(bed);
    await ledger.deliverBroken(ledger.make(points));
    await ledger.settle();
    await ledger.expectWhole();
  });
});

it.each(['error', 'not found', 'short', 'broken', 'slow'] as const)(
  'slices whose bytes come back as %s are loaded in the end',
  async (fault) => {
    const ledger = await Ledger.open(bed);
    bed.cloud.failNext('get', fault, { probability: 0.4 });
    for (let i = 0; i < 5; i++) await ledger.deliver(ledger.make(LARGE));
    await new Promise((resolve) => setTimeout(resolve, 500));
    bed.cloud.reset();
    await ledger.settle();
    await ledger.expectWhole();
  },
);

it('a body that is gone for good ends its receipt as failed, and says so', async () => {
  const ledger = await Ledger.open(bed);
  bed.cloud.failNext('get', 'not found', { probability: 1 });
  const { body } = await bed.post(ledger.person, ledger.make(LARGE).body);
  const receipt = await bed.closed(ledger.person, body.data.id);
  expect([receipt.status, receipt.failure?.code]).toEqual(['failed', 'body_gone']);
});

it('a listing that fails stops no upload and no other task, and is tried again', async () => {
  const ledger = await Ledger.open(bed);
  const before = bed.logs.length;
  bed.cloud.failNext('list', 'error');
  await bed.scheduled('17 * * * *');
  await bed.broker.idle();
  const lines = bed.logs.slice(before).join('\n');
  expect(lines).toMatch(/"task":"adopt(_late)?","outcome":"try again"/);
  for (const task of CRONS['17 * * * *'])
    expect(lines).toContain(`"task":"${task}","outcome":"ended"`);
  await ledger.deliver(ledger.make(SMALL));
  await ledger.settle();
  await ledger.expectWhole();
});
