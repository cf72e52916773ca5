import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { DEAD } from '../../src/ingest/message.ts';
import { CRONS } from '../../src/maintenance/crons.ts';
import { EXPIRY_DAYS } from '../../src/maintenance/expiry.ts';
import { WORK } from '../../src/maintenance/job-message.ts';

const root = join(import.meta.dirname, '../..');
const api = unstable_readConfig({ config: join(root, 'wrangler.toml') });
const consumer = unstable_readConfig({ config: join(root, 'wrangler.consumer.toml') });

it('both Workers read the same archive', () => {
  expect(consumer.r2_buckets).toEqual(api.r2_buckets);
});

const consumed: { queue: string; dead_letter_queue?: string }[] = consumer.queues.consumers ?? [];
const sentBy = (config: typeof api): string[] =>
  (config.queues.producers ?? []).map((each: { queue: string }) => each.queue);

it('both send to the same two lanes, and to the work queue', () => {
  expect(sentBy(api)).toHaveLength(3);
  expect(sentBy(consumer)).toEqual(sentBy(api));
});

it('the consumer takes both lanes, the dead letters of both, and long work', () => {
  const [live, backfill, dead, work] = consumed;
  expect([live?.queue, backfill?.queue, work?.queue]).toEqual(sentBy(api));
  expect(dead?.queue).toBe(DEAD);
  expect([live, backfill].map((lane) => lane?.dead_letter_queue)).toEqual([DEAD, DEAD]);
});

it('no invocation does more than one step of long work', () => {
  expect(consumed.find(({ queue }) => queue === WORK)).toMatchObject({
    max_batch_size: 1,
    max_concurrency: 3,
  });
});

it('the crons are those that have tasks', () => {
  expect(consumer.triggers.crons).toEqual(Object.keys(CRONS));
});

it('variables of both have one value', () => {
  for (const [name, value] of Object.entries(consumer.vars)) expect(api.vars[name]).toBe(value);
});

it('both run on the same runtime', () => {
  expect(consumer.compatibility_date).toBe(api.compatibility_date);
});

it.each([
  ['the API', api],
  ['the consumer', consumer],
])(
  '%s has no addresses of single versions, no log of the platform with URLs, no kept names',
  (_, config) => {
    expect([config.preview_urls, config.keep_names]).toEqual([false, false]);
    expect(config.observability).toMatchObject({ enabled: true, logs: { invocation_logs: false } });
  },
);

it('what expires at Cloudflare expires on one machine, too', () => {
  const { rules } = JSON.parse(readFileSync(join(root, 'r2-lifecycle.json'), 'utf8')) as {
    rules: {
      conditions: { prefix?: string };
      deleteObjectsTransition?: { condition: { maxAge: number } };
    }[];
  };
  const days = rules.flatMap(({ conditions, deleteObjectsTransition }) =>
    deleteObjectsTransition === undefined
      ? []
      : [[conditions.prefix, deleteObjectsTransition.condition.maxAge / 86_400]],
  );
  expect(Object.fromEntries(days)).toEqual(EXPIRY_DAYS);
});
