import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Bed, startBed } from './bed/bed.ts';
import { Ledger, RESTLESS } from './bed/ledger.ts';

/** A queue that takes nothing, half, or all without saying so; a cache that is away or talks nonsense. */

let bed: Bed;
beforeAll(async () => {
  bed = await startBed({ seed: 6, vars: RESTLESS });
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

const LARGE = 3_000;

describe('a queue that fails', () => {
  it.each(['before', 'middle', 'after'] as const)(
    '%s it has stored what is sent: the upload is taken, and the sweeper sends the rest',
    async (where) => {
      const ledger = await Ledger.open(bed);
      bed.broker.failSend(where, 4);
      for (let i = 0; i < 4; i++) await ledger.deliver(ledger.make(LARGE));
      expect(ledger.repeated).toBe(0);
      await ledger.settle();
      await ledger.expectWhole();
    },
  );

  it('and a database that is away at the same time: the archive alone knows, and tells', async () => {
    const ledger = await Ledger.open(bed);
    await ledger.deliver(ledger.make(1));
    bed.database.behave({ kind: 'down' });
    bed.broker.failSend('before', { probability: 1 });
    for (let i = 0; i < 4; i++) await ledger.deliver(ledger.make(i % 2 === 0 ? 50 : LARGE));
    expect(ledger.repeated).toBe(0);
    bed.calm();
    await ledger.settle();
    await ledger.expectWhole();
  });
});

describe('Redis', () => {
  it.each(['down', 'error', 'garbage', 'wrong types', 'slow', 'lost'] as const)(
    'that is %s keeps no upload from being stored',
    async (fault) => {
      const ledger = await Ledger.open(bed);
      bed.redis.behave(fault);
      for (let i = 0; i < 3; i++) {
        await ledger.deliver(ledger.make(50));
        await ledger.deliver(ledger.make(LARGE));
      }
      expect(ledger.repeated).toBe(0);
      bed.calm();
      await ledger.settle();
      await ledger.expectWhole();
    },
  );

  it('that is down makes and revokes no keys', async () => {
    const { keys } = await bed.newPerson();
    await bed.call('/api/v1/keys', keys.admin);
    bed.redis.behave('down');
    const { status, body } = await bed.call('/api/v1/keys', keys.admin, {
      method: 'POST',
      body: '{"kind":"read"}',
      headers: { 'Content-Type': 'application/json' },
    });
    expect([status, body.error]).toEqual([503, 'cache_unavailable']);
  });
});
