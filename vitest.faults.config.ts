import { defineConfig } from 'vitest/config';

/** Both Workers in processes of their own that are killed, before servers that fail. Minutes, so not a part of `npm test`. */

const LOAD = 'test/faults/load.test.ts';
const PATIENT = { environment: 'node', testTimeout: 600_000, hookTimeout: 300_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...PATIENT,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          exclude: [LOAD],
          // Each file has servers of its own, and much of the time they wait for each other.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Alone, since it tells how long requests take.
        test: {
          ...PATIENT,
          name: 'load',
          include: [LOAD],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
