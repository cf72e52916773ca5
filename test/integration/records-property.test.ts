import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import type { Tables } from '../../local/corpus/tables.ts';
import type { Slice } from '../../src/model.ts';
import { accounts } from './support/receipts.ts';

/**
 * Nights, segments, workouts, recordings and events that several uploads tell differently: in whatever order, pieces
 * and repetition the uploads are loaded, the same rows remain.
 */

let loader: Loader;
beforeAll(async () => {
  loader = await startLoader(process.env.TEST_DATABASE_URL ?? null);
});
afterAll(() => loader.stop());

const BEGIN = Date.UTC(2026, 2, 1);
const HOUR = 3_600_000;
const at = (hours: number): string => new Date(BEGIN + hours * HOUR).toISOString();
const epoch = (hours: number): number => (BEGIN + hours * HOUR) / 1000;

/** What upload number `upload` says of thing number `thing`: never twice the same. */
const TELL = {
  night: (thing: number, upload: number, luck: number) => ({
    metric: 'sleep_analysis',
    point: {
      date: at(24 * thing),
      sleepStart: at(24 * thing - luck / 4),
      sleepEnd: at(24 * thing),
      totalSleep: luck / 2 + upload / 100,
      source: 'Watch',
    },
  }),
  segment: (thing: number, upload: number, luck: number) => ({
    metric: 'sleep_analysis',
    point: {
      startDate: at(24 * thing),
      endDate: at(24 * thing + luck / 8 + upload / 100),
      value: thing % 2 === 0 ? 'Core' : 'InBed',
    },
  }),
  workout: (thing: number, upload: number, luck: number) => ({
    section: 'workouts',
    element: {
      id: `0000000${thing}-0000-4000-8000-000000000000`,
      name: 'Walking',
      // Corrected from upload to upload.
      start: at(24 * thing + (luck % 2)),
      end: at(24 * thing + 3),
      duration: 1000 * upload + luck,
      heartRateData: Array.from({ length: luck }, (_, i) => ({
        date: at(24 * thing + i / 60),
        qty: 100 + 10 * upload + i,
        units: 'bpm',
      })),
      route: Array.from({ length: luck }, (_, i) => ({
        latitude: 48 + i / 100 + upload / 1000,
        longitude: 16,
        timestamp: at(24 * thing + i / 60),
      })),
    },
  }),
  ecg: (thing: number, upload: number, luck: number) => ({
    section: 'ecg',
    element: {
      start: at(24 * thing),
      averageHeartRate: 60 + upload,
      voltageMeasurements: Array.from({ length: luck }, (_, i) => ({
        date: epoch(24 * thing) + i / 512,
        voltage: upload * 10 + i,
        units: 'mcV',
      })),
    },
  }),
  dose: (thing: number, upload: number, luck: number) => ({
    section: 'medications',
    element: {
      displayText: 'Tablet',
      scheduledDate: at(24 * thing),
      status: luck % 2 === 0 ? 'Taken' : 'Not Interacted',
      scheduledDosage: upload,
    },
  }),
  mood: (thing: number, upload: number, luck: number) => ({
    section: 'stateOfMind',
    element: {
      id: `MOOD-${thing}`,
      start: at(24 * thing + (luck % 3)),
      kind: 'daily_mood',
      valence: upload / 100,
    },
  }),
} as const;

type Told = ReturnType<(typeof TELL)[keyof typeof TELL]>;

const THINGS = 3;
const UPLOADS = 4;

const told = fc.record({
  kind: fc.constantFrom(...(Object.keys(TELL) as (keyof typeof TELL)[])),
  thing: fc.integer({ min: 0, max: THINGS - 1 }),
  luck: fc.integer({ min: 1, max: 6 }),
});

const bodyOf = (items: readonly Told[]): string => {
  const sections: Record<string, unknown[]> = {};
  const points = items.flatMap((item) => ('metric' in item ? [item.point] : []));
  if (points.length > 0) {
    sections.metrics = [{ name: 'sleep_analysis', units: 'hr', data: points }];
  }
  for (const item of items) {
    if ('section' in item)
      sections[item.section] = [...(sections[item.section] ?? []), item.element];
  }
  return JSON.stringify({ data: sections });
};

/** How often a row was corrected depends on the order, and may. */
const withoutRevisions = (tables: Tables): Tables =>
  Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [
      name,
      rows.map(({ revision: _, ...row }) => row),
    ]),
  );

it('the same rows remain in whatever order, pieces and repetition uploads are loaded', async () => {
  const scenario = fc.record({
    uploads: fc.array(fc.array(told, { minLength: 1, maxLength: 12 }), {
      minLength: UPLOADS,
      maxLength: UPLOADS,
    }),
    order: fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 }),
    sliceBytes: fc.constantFrom(200, 700, 524_288),
    reversed: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ uploads, order, sliceBytes, reversed }) => {
      const bodies = uploads.map((items, upload) =>
        bodyOf(items.map(({ kind, thing, luck }) => TELL[kind](thing, upload + 1, luck))),
      );
      const receivedAt = (upload: number) => BEGIN + 400 * HOUR + upload * HOUR;
      const [ada, bob] = [await loader.newPerson(), await loader.newPerson()];
      for (const [upload, body] of bodies.entries()) {
        await loader.load(ada, body, { receivedAt: receivedAt(upload) });
      }
      for (const upload of order) {
        const receipt = await loader.load(bob, bodies[upload] ?? '', {
          receivedAt: receivedAt(upload),
          sliceBytes,
          order: (slices: Slice[]) => (reversed ? slices.toReversed() : slices),
        });
        expect(accounts(receipt)).toBe(true);
      }
      expect(withoutRevisions(await loader.tables(bob))).toEqual(
        withoutRevisions(await loader.tables(ada)),
      );
    }),
    {
      numRuns: Number(process.env.FC_RUNS ?? 40),
      ...(process.env.FC_SEED ? { seed: Number(process.env.FC_SEED) } : {}),
    },
  );
});
