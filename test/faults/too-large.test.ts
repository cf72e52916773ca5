import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Receipt } from '../../src/model.ts';
import { minutes, payload, steps } from '../integration/support/payloads.ts';
import { accounts } from '../integration/support/receipts.ts';
import { type Bed, startBed } from './bed/bed.ts';
import type { Person } from './bed/people.ts';

/** Requests that Neon does not take for their size: the slice is stored in parts, and counts once. */

let bed: Bed;
let ada: Person;
beforeAll(async () => {
  // One slice, whose request is larger than what is believed to be too large.
  bed = await startBed({ seed: 12, vars: { SLICE_BYTES: '8000000', SWEEP_AFTER_SECONDS: '600' } });
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

const COUNT = 60_000;
const LARGEST = 1_200_000;

async function upload(body: string): Promise<string> {
  ada = await bed.newPerson();
  bed.database.limitRequests(LARGEST);
  const { status, body: answer } = await bed.post(ada, body);
  expect(status).toBe(202);
  return answer.data.id;
}

async function expectStored(id: string): Promise<Receipt> {
  const receipt = await bed.closed(ada, id);
  await bed.broker.idle();
  expect(accounts(receipt)).toBe(true);
  expect([receipt.status, receipt.slices]).toEqual(['stored', { total: 1, loaded: 1 }]);
  expect(receipt.totals).toMatchObject({ received: COUNT, set_aside: 0 });
  const [row] = await bed.query(
    'select count(*) as n, sum(value) as total from samples join series on series_id = id where user_id = $1',
    [ada.id],
  );
  expect(row).toEqual({ n: String(COUNT), total: String((COUNT * (COUNT - 1)) / 2) });
  return receipt;
}

it('are made smaller until they fit, and every row counts as new', async () => {
  const id = await upload(payload(steps(...minutes(COUNT))));
  const { totals } = await expectStored(id);
  expect(totals.inserted).toBe(COUNT);
  expect(bed.logs.join()).not.toContain('"slice partial"');
});

it('count once, however often the slice is delivered', async () => {
  bed.broker.faults.duplicate = 3;
  await expectStored(await upload(payload(steps(...minutes(COUNT)))));
});

it('count once where the consumer is killed between two parts', async () => {
  const id = await upload(payload(steps(...minutes(COUNT))));
  bed.database.behave({ kind: 'slow', ms: 100 });
  const partly = async () => {
    const [row] = await bed.query(
      'select count(*) as n from samples join series on series_id = id where user_id = $1',
      [ada.id],
    );
    return Number(row?.n) > 0;
  };
  await vi.waitUntil(partly, { timeout: 60_000, interval: 20 });
  await bed.consumer.kill();
  const [slices] = await bed.query(
    'select count(*) as n from ingestion_slices where ingestion_id = $1',
    [id],
  );
  expect(slices?.n).toBe('0');
  bed.database.reset();
  bed.database.limitRequests(LARGEST);
  await bed.consumer.restart();
  const { totals } = await expectStored(id);
  expect(totals.unchanged).toBeGreaterThan(0);
});

it('count once where an answer is lost after a commit', async () => {
  const id = await upload(payload(steps(...minutes(COUNT))));
  bed.database.behave({ kind: 'lost' });
  const retries = () =>
    bed.logs.filter((line) => line.includes('"slice retry"') && line.includes(id)).length;
  await vi.waitUntil(() => retries() > 1, { timeout: 60_000, interval: 20 });
  bed.database.reset();
  bed.database.limitRequests(LARGEST);
  await expectStored(id);
});

it('of a single item have that item set aside, and its neighbours are stored', async () => {
  const voltageMeasurements = Array.from({ length: 90_000 }, (_, i) => ({
    voltage: 0.000123 + i / 1e9,
    date: 1_767_225_600 + i / 512,
  }));
  const ecg = (hour: number, points: number) => ({
    start: `2026-01-01 0${hour}:00:00 +0000`,
    end: `2026-01-01 0${hour}:00:30 +0000`,
    classification: 'Sinus Rhythm',
    averageHeartRate: 61,
    numberOfVoltageMeasurements: points,
    samplingFrequency: 512,
    source: 'Watch',
    voltageMeasurements: voltageMeasurements.slice(0, points),
  });
  const body = JSON.stringify({ data: { ecg: [ecg(1, 3), ecg(2, 90_000), ecg(3, 3)] } });
  const id = await upload(body);
  const receipt = await bed.closed(ada, id);
  expect(accounts(receipt)).toBe(true);
  expect(receipt.totals).toMatchObject({ received: 3, inserted: 2, set_aside: 1 });
  expect(receipt.issues.map(({ code, pointer }) => [code, pointer])).toEqual([
    ['item_too_large', '/data/ecg/1'],
  ]);
});
