import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bed, startBed } from './bed/bed.ts';
import { Ledger, RESTLESS } from './bed/ledger.ts';
import { seeded } from './bed/random.ts';

/** Processes that are killed at any moment. */

const KILLS = 50;
const CLIENTS = 8;

let bed: Bed;
beforeAll(async () => {
  bed = await startBed({ seed: 2, vars: RESTLESS });
});
afterAll(() => bed?.stop());

it(`${KILLS} kills of API, consumer and Postgres, while ${CLIENTS} clients post, lose and double nothing`, async () => {
  const random = seeded(20);
  const ledger = await Ledger.open(bed);
  let isOver = false;
  const client = async () => {
    while (!isOver) {
      const sent = ledger.make(10 + Math.floor(random() * 2_000));
      await (random() < 0.1 ? ledger.deliverBroken(sent) : ledger.deliver(sent));
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);

  const kills = { api: 0, consumer: 0, postgres: 0 };
  const names = Object.keys(kills) as (keyof typeof kills)[];
  for (let i = 0; i < KILLS; i++) {
    await setTimeout(random() * 800);
    const name = names[Math.floor(random() * names.length)] ?? 'api';
    kills[name]++;
    await bed[name].kill();
    await setTimeout(random() * 200);
    if (name === 'postgres') await bed.postgres.start();
    else await bed[name].restart();
  }
  isOver = true;
  await Promise.all(clients);
  await ledger.settle();
  await ledger.expectWhole();
  console.log('kills', { ...kills, accepted: ledger.accepted, repeated: ledger.repeated });
  expect(Math.min(...Object.values(kills))).toBeGreaterThan(5);
  expect(ledger.repeated).toBeGreaterThan(0);
});
