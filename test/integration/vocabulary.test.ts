import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import { AT } from './support/payloads.ts';

/** A vocabulary grows: what was stored under the app's own word is found again under what it means. */

let loader: Loader;
beforeAll(async () => {
  loader = await startLoader(process.env.TEST_DATABASE_URL ?? null);
});
afterAll(() => loader.stop());

const END = '2026-03-02 08:41:00 +0100';
const BODY = JSON.stringify({
  data: {
    metrics: [
      {
        name: 'sleep_analysis',
        units: 'hr',
        data: [{ startDate: AT, endDate: END, value: 'Tief', source: 'Watch' }],
      },
    ],
    symptoms: [{ name: 'Kopfschmerzen', start: AT, end: END }],
    cycleTracking: [{ name: 'Flujo Menstrual', start: AT }],
  },
});

it('loading the same again changes the rows in place, and adds none', async () => {
  const person = await loader.newPerson();
  await loader.load(person, BODY);
  const rows = await loader.tables(person);
  // As a decoder without these words would have left them.
  await loader.query(
    `update events set key = replace(replace(key, 'headache', name), 'menstrual_flow', name), code = null,
       fingerprint = 0 where user_id = $1`,
    [person],
  );
  await loader.query(
    `update sleep_stages set stage = label
     where series_id in (select id from series where user_id = $1)`,
    [person],
  );
  expect((await loader.tables(person)).sleep_stages).toMatchObject([{ stage: 'Tief' }]);

  const again = await loader.load(person, BODY, { receivedAt: Date.now() + 60_000 });
  expect(again.totals).toMatchObject({ received: 3, inserted: 0 });
  const healed = await loader.tables(person);
  expect(healed.sleep_stages).toMatchObject(rows.sleep_stages ?? []);
  expect(healed.events).toMatchObject(rows.events ?? []);
});
