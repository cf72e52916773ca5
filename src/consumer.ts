import { openDatabase } from './database.ts';
import { type ConsumerSettings, readConsumerSettings } from './env.ts';
import { consume } from './ingest/consume.ts';
import { forwardJob, WORK } from './maintenance/job-message.ts';
import { enqueueTasks } from './maintenance/schedule.ts';
import { work } from './maintenance/work.ts';
import { openRedis } from './redis.ts';
import { isolateMeter } from './telemetry/isolate-meter.ts';
import { flush } from './telemetry/shared-counters.ts';
import { watchSlice } from './telemetry/watch-slice.ts';

/** What the consumer's work depends on. */
const dependenciesOf = (env: ConsumerEnv, settings: ConsumerSettings) => ({
  database: openDatabase(settings),
  bucket: env.RAW,
  lanes: { live: env.SLICES, backfill: env.BACKFILL },
  sliceBytes: settings.SLICE_BYTES,
  maxBytes: settings.MAX_BODY_BYTES,
  maxFilesBytes: settings.MAX_FILES_BYTES,
  sweepAfterSeconds: settings.SWEEP_AFTER_SECONDS,
  recomputeAfterSeconds: settings.RECOMPUTE_AFTER_SECONDS,
});

const jobDependenciesOf = (env: ConsumerEnv, settings: ConsumerSettings) => ({
  ...dependenciesOf(env, settings),
  redis: openRedis(settings),
  work: env.WORK,
  isLocal: settings.ENVIRONMENT === 'local',
});

/** The Worker that loads what does not fit a request, and does long work step by step (wrangler.consumer.toml). */
export default {
  async queue(batch, env, context) {
    const settings = readConsumerSettings(env);
    const { queue } = batch;
    isolateMeter.count('batches_total', { queue });
    if (queue === WORK) await work(batch, jobDependenciesOf(env, settings));
    else {
      const dependencies = dependenciesOf(env, settings);
      await consume(batch, {
        ...dependencies,
        forward: (body) => forwardJob(env.WORK, body),
        watch: (traceparent, load) =>
          watchSlice({ ...dependencies, queue, traceparent }, load, { settings, context }),
      });
    }
    await flush(isolateMeter, openRedis(settings));
  },

  async scheduled({ cron }, env) {
    await enqueueTasks(cron, env.WORK);
  },
} satisfies ExportedHandler<ConsumerEnv>;
