import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Bed, startBed } from './bed/bed.ts';
import type { DatabaseFault } from './bed/database.ts';
import { Ledger, RESTLESS } from './bed/ledger.ts';

/** A database that is away, slow, full, or half there. */

let bed: Bed;
beforeAll(async () => {
  bed = await startBed({ seed: 4, vars: RESTLESS });
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

it.each<[string, DatabaseFault, number]>([
  ['down for 60 s', { kind: 'down' }, 60],
  ['slow, with 5 s a statement', { kind: 'slow', ms: 5_000 }, 12],
  ['out of connections', { kind: 'sqlstate', code: '53300' }, 5],
  ['read-only', { kind: 'sqlstate', code: '25006' }, 5],
  ['out of disk space', { kind: 'sqlstate', code: '53100' }, 5],
  ['not migrated yet', { kind: 'sqlstate', code: '42P01' }, 5],
  ['losing its answers after the commit', { kind: 'lost' }, 5],
])('%s: uploads are taken all the same, and stored once it is well', async (_, fault, seconds) => {
  const ledger = await Ledger.open(bed);
  // The keys are known from here on.
  await ledger.deliver(ledger.make(1));
  bed.database.behave(fault);
  const statuses = new Set<number | null>();
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await setTimeout(200)) {
    const small = ledger.make(50);
    const large = ledger.make(1_500);
    for (const sent of [small, large]) statuses.add(await ledger.deliver(sent));
  }
  bed.calm();
  await ledger.settle();
  await ledger.expectWhole();
  expect([...statuses].filter((status) => status !== 200)).toEqual([202]);
});

it('what a new key reads cannot be checked while it is down, and the client is told to come back', async () => {
  const stranger = await bed.newPerson();
  bed.database.behave({ kind: 'down' });
  const { status, headers } = await bed.call('/api/v1/summary', stranger.keys.read);
  expect(status).toBe(503);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
});
