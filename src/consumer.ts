import { openDatabase } from './database.ts';
import { type ConsumerSettings, readConsumerSettings } from './env.ts';
import { consume } from './ingest/consume.ts';
import { advanceJob } from './maintenance/advance.ts';
import { runScheduled } from './maintenance/schedule.ts';
import { remakeTotals } from './maintenance/totals.ts';
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

/** The Worker that loads what does not fit a request, and mends what was left undone (wrangler.consumer.toml). */
export default {
  async queue(batch, env, context) {
    const settings = readConsumerSettings(env);
    const dependencies = dependenciesOf(env, settings);
    const { queue } = batch;
    isolateMeter.count('batches_total', { queue });
    await consume(batch, {
      ...dependencies,
      advance: (errand) =>
        'job' in errand
          ? advanceJob(errand.job, { ...dependencies, redis: openRedis(settings) })
          : remakeTotals(errand.totals, dependencies),
      watch: (traceparent, work) =>
        watchSlice({ ...dependencies, queue, traceparent }, work, { settings, context }),
    });
    await flush(isolateMeter, openRedis(settings));
  },

  async scheduled({ cron }, env) {
    const settings = readConsumerSettings(env);
    await runScheduled(cron, { ...dependenciesOf(env, settings), redis: openRedis(settings) });
    await flush(isolateMeter, openRedis(settings));
  },
} satisfies ExportedHandler<ConsumerEnv>;
