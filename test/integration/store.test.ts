import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import { failReceipt } from '../../src/store/receipts.ts';
import { loadAll, metrics } from './support/load.ts';
import { minutes, payload, steps } from './support/payloads.ts';

/** Rules of the store that only a second slice or a second upload shows. */

let loader: Loader;
beforeAll(async () => {
  loader = await startLoader();
});
afterAll(() => loader.stop());

const START = '2026-03-02 07:41:00 +0100';

it('a slice that loads after its receipt failed leaves it failed', async () => {
  const person = await loader.newPerson();
  let slices = 0;
  const receipt = await loader.load(person, payload(steps(...minutes(300))), {
    sliceBytes: 8_000,
    onSlice: async (ingestion) => {
      if (slices++ > 0) return;
      const { text, params } = failReceipt(ingestion, 'body_gone');
      await loader.query(text, params.map(String));
    },
  });
  expect(receipt.status).toBe('failed');
  expect(receipt.failure?.code).toBe('body_gone');
  expect(receipt.slices).toEqual({ total: slices, loaded: slices });
  expect(receipt.totals).toMatchObject({ received: 300, inserted: 300 });
});

it('a receipt that is complete is not failed by who still takes it for open', async () => {
  const person = await loader.newPerson();
  let id = '';
  const body = payload(steps(...minutes(3)));
  await loader.load(person, body, {
    onSlice: async (ingestion) => {
      id = ingestion.id;
      const { text, params } = failReceipt(ingestion, 'cut_changed');
      await loader.query(text, params.map(String));
    },
  });
  const [receipt] = await loader.query('select status, failure from ingestions where id = $1', [
    id,
  ]);
  expect(receipt).toEqual({ status: 'stored', failure: null });
});

it('one upload that says two values of a moment leaves the greater, in either order of its slices', async () => {
  // As far apart as two slices.
  const points = [{ qty: 7, date: START }, ...minutes(300, 'Other'), { qty: 5, date: START }];
  const left = async (reversed: boolean) => {
    const person = await loader.newPerson();
    await loader.load(person, payload(steps(...points)), {
      sliceBytes: 8_000,
      order: (slices) => (reversed ? slices.toReversed() : slices),
    });
    return loader.query(
      `select value from samples join series on series.id = series_id
       where user_id = $1 and source = ''`,
      [person],
    );
  };
  expect(await left(false)).toEqual([{ value: '7' }]);
  expect(await left(true)).toEqual([{ value: '7' }]);
});

it('a later upload that changes only an end replaces the sample', async () => {
  const mindful = (endDate: string) =>
    metrics({
      name: 'mindful_minutes',
      units: 'min',
      data: [{ qty: 10, startDate: START, endDate }],
    });
  const { receipts } = await loadAll(
    loader,
    mindful('2026-03-02 07:51:00 +0100'),
    mindful('2026-03-02 07:52:00 +0100'),
  );
  expect(receipts.map(({ totals }) => [totals.inserted, totals.updated])).toEqual([
    [1, 0],
    [0, 1],
  ]);
});
