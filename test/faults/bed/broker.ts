import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { readQueues } from './config.ts';
import { listen } from './http.ts';
import { FaultPlan, type Often } from './plan.ts';
import { BrokerQueue, type Counters, type DeliveryFaults, type QueueContext } from './queue.ts';
import type { Random } from './random.ts';
import type { SentMessage } from './workers/protocol.ts';

/** The queues outside of both Workers, as the wrangler file of the consumer describes them. */

/** Where sending breaks: with nothing, half or all of the messages stored. */
export type SendFault = 'before' | 'middle' | 'after';

export interface Broker {
  url: string;
  /** Counts of all queues together. */
  counters: Counters;
  faults: Pick<DeliveryFaults, 'duplicate' | 'shuffle' | 'lateBy'>;
  failSend(where: SendFault, often?: Often): void;
  /** Batches are worked off, but neither acknowledged nor sent back: all come again. */
  loseOutcomes(often?: Often): void;
  /** Batches that the consumer has. */
  readonly inFlight: number;
  /** Bodies that wait in a queue, in no certain order. */
  waiting(queue: string): unknown[];
  /** Puts messages into a queue, past all faults of sending. */
  send(queue: string, bodies: readonly unknown[], delaySeconds?: number): void;
  /** Resolves when nothing waits for a consumer and none is at work. */
  idle(patienceMs?: number): Promise<void>;
  reset(): void;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  consumerUrl: string;
  random: Random;
  speed: number;
}

/** Limits of a batch that is sent, and the longest delay (Cloudflare Queues, limits). */
const MAX_MESSAGES = 100;
const MAX_MESSAGE_BYTES = 128_000;
const MAX_BATCH_BYTES = 256_000;
const MAX_DELAY_SECONDS = 86_400;

const CALM = { duplicate: 0, shuffle: false, lateBy: 0 };

export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const sends = new FaultPlan<'send', SendFault>(options.random);
  const losses = new FaultPlan<'outcome', true>(options.random);
  const counters: Counters = { sent: 0, delivered: 0, redelivered: 0, acked: 0, dead: 0 };
  const faults = { ...CALM, losesOutcome: () => losses.next('outcome') !== null };
  const watchers = new Set<() => void>();
  const queues = openQueues({
    ...options,
    faults,
    counters,
    onChange: () => {
      for (const look of watchers) look();
    },
  });
  const all = [...queues.values()];
  const send = (name: string, messages: readonly SentMessage[]) => {
    find(queues, name).put(messages);
    counters.sent += messages.length;
  };
  const server = await listen((request, response) => {
    take(request, sends, send).then(
      () => response.writeHead(204).end(),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  return {
    url: server.url,
    counters,
    faults,
    failSend: (where, often = 1) => sends.add('send', where, often),
    loseOutcomes: (often = 1) => losses.add('outcome', true, often),
    get inFlight() {
      return all.reduce((sum, { inFlight }) => sum + inFlight, 0);
    },
    waiting: (name) => find(queues, name).waiting.map(({ body }) => body),
    send: (name, bodies, delaySeconds = 0) =>
      send(
        name,
        bodies.map((body) => ({ body, delaySeconds })),
      ),
    idle: (patienceMs = 120_000) => untilIdle(all, watchers, patienceMs),
    reset: () => {
      sends.reset();
      losses.reset();
      Object.assign(faults, CALM);
    },
    stop: async () => {
      for (const each of all) each.stop();
      await server.stop();
    },
  };
}

type Queues = ReadonlyMap<string, BrokerQueue>;

function openQueues(context: Omit<QueueContext, 'onDead'>): Queues {
  const queues = new Map<string, BrokerQueue>();
  for (const { deadLetters, ...rules } of readQueues().known) {
    const onDead = (dead: SentMessage[]) => {
      if (deadLetters !== null) find(queues, deadLetters).put(dead);
    };
    queues.set(rules.name, new BrokerQueue(rules, { ...context, onDead }));
  }
  return queues;
}

function find(queues: Queues, name: string): BrokerQueue {
  const found = queues.get(name);
  if (found === undefined) throw new Error(`There is no queue ${name}.`);
  return found;
}

/** `POST /<queue>` with a batch that a Worker sends. */
async function take(
  request: IncomingMessage,
  plan: FaultPlan<'send', SendFault>,
  send: (name: string, messages: readonly SentMessage[]) => void,
): Promise<void> {
  const messages = (await json(request)) as SentMessage[];
  checkLimits(messages);
  const fault = plan.next('send');
  const stored = { before: 0, middle: messages.length >> 1, after: messages.length };
  send((request.url ?? '').slice(1), messages.slice(0, stored[fault ?? 'after']));
  if (fault !== null) throw new Error(`The queue broke ${fault} storing the batch.`);
}

function checkLimits(messages: readonly SentMessage[]): void {
  const sizes = messages.map(({ body }) => Buffer.byteLength(JSON.stringify(body)));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const delay = Math.max(0, ...messages.map(({ delaySeconds }) => delaySeconds ?? 0));
  if (
    messages.length === 0 ||
    messages.length > MAX_MESSAGES ||
    bytes > MAX_BATCH_BYTES ||
    Math.max(...sizes) > MAX_MESSAGE_BYTES ||
    delay > MAX_DELAY_SECONDS
  ) {
    throw new Error(`Not within the limits: ${messages.length} messages, ${bytes} bytes.`);
  }
}

const untilIdle = (
  queues: readonly BrokerQueue[],
  watchers: Set<() => void>,
  patienceMs: number,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      watchers.delete(look);
      clearTimeout(timer);
      settle();
    };
    const look = () => {
      if (queues.every(({ isIdle }) => isIdle)) finish(resolve);
    };
    const timer = setTimeout(() => {
      const busy = queues.filter(({ isIdle }) => !isIdle).map(({ rules }) => rules.name);
      finish(() => reject(new Error(`Not idle after ${patienceMs} ms: ${busy}`)));
    }, patienceMs);
    watchers.add(look);
    look();
  });
