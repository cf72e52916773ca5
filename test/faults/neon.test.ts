import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NEON_SHAPES } from '../../local/stack/neon-shapes.ts';
import { type Bed, startBed } from './bed/bed.ts';
import type { DatabaseFault } from './bed/database.ts';
import { Ledger, RESTLESS } from './bed/ledger.ts';

/** Whatever Neon answers while it is away: nothing is set aside, nothing fails, nobody who is known is refused. */

let bed: Bed;
beforeAll(async () => {
  bed = await startBed({ seed: 8, vars: RESTLESS });
});
afterEach(() => bed.calm());
afterAll(() => bed?.stop());

const READS = [
  '/api/v1/ingestions',
  '/api/v1/metrics/steps/samples',
  '/api/v1/metrics/steps/daily?from=2026-01-01&to=2026-01-31',
  '/api/v1/sleep',
  '/api/v1/workouts',
];
const SMALL = 50;
/** Makes several slices. */
const LARGE = 1_500;

/** What uploads and questions are answered while it lasts. */
async function during(ledger: Ledger, ms: number, begin: () => void) {
  const { read } = ledger.person.keys;
  // The keys are known from here on.
  await ledger.deliver(ledger.make(1));
  for (const path of READS) expect((await bed.call(path, read)).status).toBe(200);
  begin();
  const uploads = new Set<number | null>();
  const reads = new Set<number>();
  for (const end = Date.now() + ms; Date.now() < end; await setTimeout(100)) {
    for (const points of [SMALL, LARGE]) uploads.add(await ledger.deliver(ledger.make(points)));
    for (const path of READS) reads.add((await bed.call(path, read)).status);
  }
  bed.calm();
  return { uploads: [...uploads], reads: [...reads] };
}

async function expectWhole(ledger: Ledger): Promise<void> {
  await ledger.settle();
  await ledger.expectWhole();
  const [row] = await bed.query(
    `select count(*) as n from set_aside join ingestions on ingestions.id = ingestion_id where user_id = $1`,
    [ledger.person.id],
  );
  expect(row?.n).toBe('0');
}

describe.each(NEON_SHAPES.map(({ name }) => name))('while Neon answers as in %s', (name) => {
  it('uploads are taken, questions are answered with 503, and all is stored afterwards', async () => {
    const ledger = await Ledger.open(bed);
    const answers = await during(ledger, 1_500, () => bed.database.behave({ kind: 'shape', name }));
    expect(answers).toEqual({ uploads: [202], reads: [503] });
    expect(ledger.repeated).toBe(0);
    await expectWhole(ledger);
  });
});

describe('while Neon answers now and then', () => {
  it.each<[string, DatabaseFault, number]>([
    ['in any shape', { kind: 'shape', name: 'any' }, 0.6],
    ['as its page server fails', { kind: 'sqlstate', code: 'XX000' }, 0.5],
    ['as one of its pages is not read', { kind: 'sqlstate', code: '58030' }, 0.5],
  ])('%s: all is stored, and no answer is a 500', async (_, fault, probability) => {
    const ledger = await Ledger.open(bed);
    const begin = () => bed.database.failNext(fault, { probability });
    const { uploads, reads } = await during(ledger, 20_000, begin);
    expect(uploads.filter((status) => status !== 200 && status !== 202)).toEqual([]);
    expect(reads.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    await expectWhole(ledger);
  });
});

describe('while Neon refuses everything, with a code that says that the rows are bad', () => {
  it.each(['22003', '23514', 'P0001', 'ZZ000'])('%s: that is not believed', async (code) => {
    const ledger = await Ledger.open(bed);
    const begin = () => bed.database.behave({ kind: 'sqlstate', code });
    const { uploads } = await during(ledger, 6_000, begin);
    expect(uploads).toEqual([202]);
    await expectWhole(ledger);
  });
});
