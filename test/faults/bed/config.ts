import { join } from 'node:path';
import { unstable_readConfig } from 'wrangler';
import { z } from 'zod';
import { root } from '../../../local/stack/root.ts';
import { CONFIG, type WorkerName } from './build.ts';
import type { QueueRules } from './queue.ts';

/** The queues as the wrangler files of both Workers describe them. */
export interface Queues {
  /** With the queue that takes what is given up. */
  known: (QueueRules & { deadLetters: string | null })[];
  /** Of each Worker's bindings the queue's name. */
  bindings: Record<WorkerName, Record<string, string>>;
}

/** Cloudflare scales a consumer without a limit by the backlog. */
const UNLIMITED = 20;

export function readQueues(): Queues {
  const bindings = { api: bindingsOf('api'), consumer: bindingsOf('consumer') };
  const { consumers: consumed } = read('consumer').queues;
  const named = Object.values(bindings).flatMap((each) => Object.values(each));
  const dead = consumed.flatMap(({ deadLetters }) => deadLetters ?? []);
  const taken = new Set(consumed.map(({ name }) => name));
  const unread = [...new Set([...named, ...dead])].filter((name) => !taken.has(name));
  return {
    known: [...consumed, ...unread.map(withoutConsumer)],
    bindings,
  };
}

/** When the consumer is woken by the clock. */
export const readCrons = (): string[] => read('consumer').triggers.crons;

const producer = z.object({ binding: z.string(), queue: z.string() });

/** With the values that Cloudflare takes where the file says nothing. */
const consumer = z
  .object({
    queue: z.string(),
    max_batch_size: z.number().default(10),
    max_batch_timeout: z.number().default(5),
    max_concurrency: z.number().nullish(),
    max_retries: z.number().default(3),
    retry_delay: z.number().default(0),
    dead_letter_queue: z.string().optional(),
  })
  .transform((each) => ({
    name: each.queue,
    hasConsumer: true,
    maxBatchSize: each.max_batch_size,
    maxBatchTimeout: each.max_batch_timeout,
    maxConcurrency: each.max_concurrency ?? UNLIMITED,
    maxRetries: each.max_retries,
    retryDelay: each.retry_delay,
    deadLetters: each.dead_letter_queue ?? null,
  }));

const config = z.object({
  triggers: z.object({ crons: z.array(z.string()).default([]) }),
  queues: z.object({
    producers: z.array(producer).default([]),
    consumers: z.array(consumer).default([]),
  }),
});

const read = (name: WorkerName) =>
  config.parse(unstable_readConfig({ config: join(root, CONFIG[name]) }));

const bindingsOf = (name: WorkerName): Record<string, string> =>
  Object.fromEntries(read(name).queues.producers.map(({ binding, queue }) => [binding, queue]));

const withoutConsumer = (name: string) => ({
  name,
  hasConsumer: false,
  maxBatchSize: 1,
  maxBatchTimeout: 0,
  maxConcurrency: 0,
  maxRetries: 0,
  retryDelay: 0,
  deadLetters: null,
});
