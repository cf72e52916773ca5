import pMap from 'p-map';
import { openDatabase } from './database.ts';
import { readSettings } from './env.ts';
import { settle } from './ingest/outcome.ts';

/** Slices of one batch under way at once: while one is in the database, the next is decoded. */
const CONCURRENCY = 4;

/** The Worker that loads what does not fit a request (wrangler.consumer.toml). */
export default {
  async queue(batch, env) {
    const database = openDatabase(readSettings(env));
    await pMap(batch.messages, (message) => settle(message, { database, bucket: env.RAW }), {
      concurrency: CONCURRENCY,
    });
  },
} satisfies ExportedHandler<ConsumerEnv>;
