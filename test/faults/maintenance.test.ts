import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { CRONS } from '../../src/maintenance/crons.ts';
import { minutes, payload, steps } from '../integration/support/payloads.ts';
import { type Bed, startBed } from './bed/bed.ts';
import { RESTLESS } from './bed/ledger.ts';
import type { Person } from './bed/people.ts';

/** Tasks of maintenance whose Worker dies, or whose messages come twice. */

let bed: Bed;
let ada: Person;
beforeAll(async () => {
  bed = await startBed({ seed: 25, vars: RESTLESS });
  ada = await bed.newPerson();
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

const HOURLY = '17 * * * *';
const UPLOADS = 12;

/** Uploads of which only the archive knows. */
async function strand(): Promise<void> {
  for (let i = 0; i < UPLOADS; i++) {
    const body = payload(steps(...minutes(20, `Watch ${crypto.randomUUID()}`)));
    expect((await bed.post(ada, body)).status).toBe(200);
  }
  await bed.query('delete from ingestions where user_id = $1', [ada.id]);
  await setTimeout(2_000);
}

async function expectMended(since: string): Promise<void> {
  const [row] = await bed.query(
    `select count(*) as n, count(completed_at) as closed from ingestions where user_id = $1`,
    [ada.id],
  );
  expect([Number(row?.n), Number(row?.closed)]).toEqual([UPLOADS, UPLOADS]);
  const runs = await bed.query('select task from upkeep_runs where ran_at > $1', [since]);
  const ran = runs.map(({ task }) => String(task));
  expect(ran).toEqual(expect.arrayContaining([...CRONS[HOURLY]]));
}

const now = async () => String((await bed.query('select now() as at'))[0]?.at);

it('a consumer that is killed in the middle of its tasks does them all the same, each once', async () => {
  await strand();
  const since = await now();
  bed.database.behave({ kind: 'slow', ms: 60 });
  await bed.scheduled(HOURLY);
  await setTimeout(700);
  await bed.consumer.kill();
  bed.calm();
  await bed.consumer.restart();
  await bed.broker.idle();
  // A receipt that was opened, and whose slices were not sent, is the next run's.
  await setTimeout(1_500);
  await bed.scheduled(HOURLY);
  await bed.broker.idle();
  await expectMended(since);
});

it('messages that come twice, and cannot be told from those that come once, mend once', async () => {
  await bed.query('delete from ingestions where user_id = $1', [ada.id]);
  await setTimeout(2_000);
  const [{ n: before } = {}] = await bed.query('select count(*) as n from samples');
  const since = await now();
  Object.assign(bed.broker.faults, { duplicate: 1, shuffle: true });
  await bed.scheduled(HOURLY);
  await bed.broker.idle();
  await expectMended(since);
  expect((await bed.query('select count(*) as n from samples'))[0]?.n).toBe(before);
});
