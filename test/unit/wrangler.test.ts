import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unstable_readConfig } from 'wrangler';

const root = join(import.meta.dirname, '../..');
const api = unstable_readConfig({ config: join(root, 'wrangler.toml') });
const consumer = unstable_readConfig({ config: join(root, 'wrangler.consumer.toml') });

it('both Workers read the same archive', () => {
  expect(consumer.r2_buckets).toEqual(api.r2_buckets);
});

it('the consumer takes what the API sends', () => {
  const sent = api.queues.producers?.map((each: { queue: string }) => each.queue);
  expect(consumer.queues.consumers?.map((each: { queue: string }) => each.queue)).toEqual(sent);
});

it('variables of both have one value', () => {
  for (const [name, value] of Object.entries(consumer.vars)) expect(api.vars[name]).toBe(value);
});

it('both run on the same runtime', () => {
  expect(consumer.compatibility_date).toBe(api.compatibility_date);
});
