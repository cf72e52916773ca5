import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Receipt } from '../../src/model.ts';
import { accounts } from './support/receipts.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** However the same points arrive – in whatever pieces, order, repetition, size, at once or in turn – they become the same rows. */

let test: TestStack;
beforeAll(async () => {
  // Slices so small that uploads of a few points take the way through the queue.
  test = await startTestStack({ SLICE_BYTES: '600' });
});
afterAll(() => test.stack.stop());

const KINDS = [
  { name: 'step_count', units: 'count', numbers: (n: number) => ({ qty: n }) },
  { name: 'active_energy', units: 'kJ', numbers: (n: number) => ({ qty: n * 4.184 }) },
  { name: 'active_energy', units: 'kcal', numbers: (n: number) => ({ qty: n }) },
  {
    name: 'heart_rate',
    units: 'bpm',
    numbers: (n: number) => ({ Min: n, Avg: n + 1, Max: n + 2 }),
  },
  {
    name: 'blood_glucose',
    units: 'mmol/L',
    numbers: (n: number) => ({ qty: n, mealTime: 'Before Meal' }),
  },
  {
    name: 'blood_pressure',
    units: 'mmHg',
    numbers: (n: number) => ({ systolic: n, diastolic: n / 2 }),
  },
  { name: 'unheard_of', units: 'x', numbers: (n: number) => ({ qty: n }) },
] as const;
const SOURCES = ['Watch', 'iPhone', 'iPhone|Watch', undefined];

/** Its value follows from its place, so that every upload says the same of one moment. */
interface Spot {
  kind: number;
  source: number;
  hour: number;
}

const spot = fc.record({
  kind: fc.nat(KINDS.length - 1),
  source: fc.nat(SOURCES.length - 1),
  hour: fc.nat(2_000),
});

const uploads = fc
  .uniqueArray(spot, {
    minLength: 1,
    maxLength: 40,
    selector: ({ kind, source, hour }) => `${KINDS[kind]?.name} ${source} ${hour}`,
  })
  .chain((spots) =>
    fc.record({
      spots: fc.constant(spots),
      // Each upload is some of the points in some order, a few of them twice; the last has them all, so that
      // none is missing. The salt decides whether two of the same points are the same body.
      parts: fc
        .array(fc.array(fc.constantFrom(...spots), { maxLength: 60 }), { maxLength: 6 })
        .chain((parts) =>
          fc.shuffledSubarray(spots, { minLength: spots.length }).map((all) => [...parts, all]),
        ),
      salted: fc.boolean(),
      packed: fc.boolean(),
      together: fc.boolean(),
      partial: fc.boolean(),
    }),
  );

function bodyOf(spots: readonly Spot[], salt: number): string {
  const metrics = spots.map(({ kind, source, hour }) => {
    const { name, units, numbers } = KINDS[kind] ?? KINDS[0];
    const point = {
      ...numbers(60 + ((hour * 7 + source) % 50)),
      date: new Date(Date.UTC(2026, 0, 1, hour)).toISOString(),
      source: SOURCES[source],
    };
    return { name, units, data: [point] };
  });
  return JSON.stringify({ data: { metrics }, salt });
}

interface Manner {
  salted: boolean;
  packed: boolean;
  together: boolean;
  partial: boolean;
}

/** @returns the receipt of each upload; that of a repetition is the first one's. */
async function send(person: Person, parts: Spot[][], manner: Manner): Promise<Receipt[]> {
  const headers = {
    'automation-aggregation': 'Hours',
    'automation-period': manner.partial ? 'Since Last Sync' : 'Default',
    ...(manner.packed && { 'Content-Encoding': 'gzip' }),
  };
  const one = (part: Spot[], i: number) => {
    const body = bodyOf(part, manner.salted ? i : 0);
    return test.upload(person, manner.packed ? gzipSync(body) : body, headers);
  };
  if (manner.together) return Promise.all(parts.map(one));
  const receipts: Receipt[] = [];
  for (const [i, part] of parts.entries()) receipts.push(await one(part, i));
  return receipts;
}

const PLAIN: Manner = { salted: false, packed: false, together: false, partial: false };

/** FC_SEED repeats a run that failed, FC_RUNS makes a longer one. */
const SEED = process.env.FC_SEED === undefined ? {} : { seed: Number(process.env.FC_SEED) };
const RUNS = Number(process.env.FC_RUNS ?? 30);

it('the same points become the same rows, and every receipt closes', async () => {
  await fc.assert(
    fc.asyncProperty(uploads, async ({ spots, parts, ...manner }) => {
      const [ada, bob] = [await test.newPerson(), await test.newPerson()];
      await send(ada, [spots], PLAIN);
      const receipts = await send(bob, parts, manner);

      const rows = await test.rows(bob);
      expect(rows).toEqual(await test.rows(ada));
      expect(rows).toHaveLength(spots.length);
      expect(receipts.every(accounts)).toBe(true);
      const each = [...new Map(receipts.map((receipt) => [receipt.id, receipt])).values()];
      expect(each.reduce((sum, { totals }) => sum + totals.inserted, 0)).toBe(rows.length);
      expect(receipts.map(({ totals }) => totals.received)).toEqual(
        parts.map(({ length }) => length),
      );
    }),
    { numRuns: RUNS, ...SEED },
  );
});
