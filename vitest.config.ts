import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
// Wrangler's [build] step, which the plugin does not run.
import './local/argon2-wasm.mjs';
import './local/docs-page.mjs';
import { TEST_PEPPER, TEST_REDIS_TOKEN } from './test/worker/secrets.ts';

/** Stand-ins for the secrets. Nothing listens there: a test that needs a server starts one. */
const TEST_SECRETS = {
  DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:9/none',
  UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:9',
  UPSTASH_REDIS_REST_TOKEN: TEST_REDIS_TOKEN,
  KEY_PEPPER: TEST_PEPPER,
};

/** All projects start at once: on a small, cold machine the first of anything takes long. */
const PATIENCE_MS = 60_000;

export default defineConfig({
  test: {
    // The Workers' log lines are shown where a test fails.
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: PATIENCE_MS,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: TEST_SECRETS },
          }),
        ],
        test: {
          name: 'worker',
          include: ['test/worker/**/*.test.ts'],
          globalSetup: ['./test/worker/global-setup.ts'],
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          include: ['test/integration/**/*.test.ts', 'test/hostile/**/*.test.ts'],
          // They share one stack of servers, and one machine.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
