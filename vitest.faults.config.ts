import { defineConfig } from 'vitest/config';

/** Both Workers in processes of their own that are killed, before servers that fail. Minutes, so not a part of `npm test`. */
export default defineConfig({
  test: {
    name: 'faults',
    environment: 'node',
    include: ['test/faults/**/*.test.ts'],
    // They kill and slow down, and there is one machine.
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
