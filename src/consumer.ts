import pMap from 'p-map';
import { openDatabase } from './database.ts';
import { readSettings } from './env.ts';
import { bytesOf } from './ingest/message.ts';
import { settle } from './ingest/outcome.ts';

/** Slices of one batch under way at once: while one is in the database, the next is decoded. */
const CONCURRENCY = 4;

/**
 * A slice this large is a single item, such as the way of a workout. Parsed, it takes many times its size, and an
 * isolate has 128 MB: those are taken one by one.
 */
const LARGE_BYTES = 1024 * 1024;

/** The Worker that loads what does not fit a request (wrangler.consumer.toml). */
export default {
  async queue(batch, env) {
    const database = openDatabase(readSettings(env));
    const { small = [], large = [] } = Object.groupBy(batch.messages, ({ body }) =>
      bytesOf(body) > LARGE_BYTES ? 'large' : 'small',
    );
    const work = (message: Message) => settle(message, { database, bucket: env.RAW });
    await pMap(small, work, { concurrency: CONCURRENCY });
    for (const message of large) await work(message);
  },
} satisfies ExportedHandler<ConsumerEnv>;
