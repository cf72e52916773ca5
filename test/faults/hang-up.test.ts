import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { minutes, payload, steps } from '../integration/support/payloads.ts';
import { type Bed, startBed } from './bed/bed.ts';
import type { Person } from './bed/people.ts';

/**
 * A phone that hangs up once it has sent its body, as iOS does with a background task whose time is over. The runtime on
 * this machine goes on by itself; what holds at Cloudflare is in test/worker/hang-up.test.ts.
 */

let bed: Bed;
let ada: Person;
beforeAll(async () => {
  bed = await startBed({ seed: 24 });
  ada = await bed.newPerson();
  // The key is known from here on.
  expect((await bed.post(ada, payload(steps(...minutes(1))))).status).toBe(200);
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

const bodies = async (): Promise<number> => {
  const { objects } = await bed.cloud.bucket.list({ prefix: 'raw/' });
  return objects.filter(({ key }) => key.includes(ada.id)).length;
};

/** @returns once the body is archived, and the connection gone */
async function postAndHangUp(body: string): Promise<void> {
  const before = await bodies();
  const sent = request(`${bed.url}/api/v1/sync`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${ada.keys.ing}`,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    },
  });
  sent.on('error', () => {});
  sent.on('response', () => {
    throw new Error('It was answered before it could hang up.');
  });
  sent.end(body);
  while ((await bodies()) === before) await setTimeout(20);
  sent.destroy();
}

async function until(sql: string, wanted: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const [row] = await bed.query(sql, [ada.id]);
    if (Number(row?.n) === wanted) return;
    await setTimeout(50);
  }
  const [row] = await bed.query(sql, [ada.id]);
  expect(Number(row?.n)).toBe(wanted);
}

it.each([
  ['a small upload', 50],
  ['a large one', 12_000],
])('%s is loaded all the same, before any maintenance', async (_, count) => {
  await bed.query('delete from ingestions where user_id = $1', [ada.id]);
  // Each statement takes so long that the phone is gone before the first is done.
  bed.database.behave({ kind: 'slow', ms: 100 });
  await postAndHangUp(payload(steps(...minutes(count))));
  await until('select count(*) as n from ingestions where user_id = $1', 1);
  bed.calm();
  await until(
    'select count(*) as n from ingestions where user_id = $1 and completed_at is not null',
    1,
  );
});
