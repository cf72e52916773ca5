import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Receipt } from '../../src/model.ts';
import { accounts, type Person, startTestStack, type TestStack } from './support/stack.ts';

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
      // Each upload is some of the points in some order; the last has them all, so that none is missing.
      parts: fc
        .array(fc.shuffledSubarray(spots), { maxLength: 6 })
        .chain((parts) =>
          fc.shuffledSubarray(spots, { minLength: spots.length }).map((all) => [...parts, all]),
        ),
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

async function send(person: Person, parts: Spot[][], together: boolean, partial: boolean) {
  const headers = {
    'automation-aggregation': 'Hours',
    'automation-period': partial ? 'Since Last Sync' : 'Default',
  };
  const one = (part: Spot[], i: number) => test.upload(person, bodyOf(part, i), headers);
  if (together) return Promise.all(parts.map(one));
  const receipts: Receipt[] = [];
  for (const [i, part] of parts.entries()) receipts.push(await one(part, i));
  return receipts;
}

it('the same points become the same rows, and every receipt closes', async () => {
  await fc.assert(
    fc.asyncProperty(uploads, async ({ spots, parts, together, partial }) => {
      const [ada, bob] = [await test.newPerson(), await test.newPerson()];
      await send(ada, [spots], false, false);
      const receipts = await send(bob, parts, together, partial);

      const rows = await test.rows(bob);
      expect(rows).toEqual(await test.rows(ada));
      expect(rows).toHaveLength(spots.length);
      expect(receipts.every(accounts)).toBe(true);
      expect(receipts.reduce((sum, { totals }) => sum + totals.inserted, 0)).toBe(rows.length);
      expect(receipts.map(({ totals }) => totals.received)).toEqual(
        parts.map(({ length }) => length),
      );
    }),
    { numRuns: 30 },
  );
});
