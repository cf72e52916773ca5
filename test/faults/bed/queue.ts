import { postJson, Refused } from './http.ts';
import { type Random, shuffled } from './random.ts';
import {
  type Delivered,
  LOSE_OUTCOME,
  type Outcome,
  type SentMessage,
} from './workers/protocol.ts';

/** One queue of the broker: at least once, in no certain order, with the rules of Cloudflare Queues. */

/** A consumer's part of a wrangler file. */
export interface QueueRules {
  name: string;
  /** `false`: messages stay until somebody looks. */
  hasConsumer: boolean;
  maxBatchSize: number;
  /** Seconds that a batch may wait for more messages. */
  maxBatchTimeout: number;
  maxConcurrency: number;
  maxRetries: number;
  /** Seconds that a message waits before it comes again, where the consumer does not say. */
  retryDelay: number;
}

/** What goes wrong while delivering. Switched at run time. */
export interface DeliveryFaults {
  /** Copies of each message beside the first. */
  duplicate: number;
  /** Batches are picked at random from all that is ready. */
  shuffle: boolean;
  /** A message lets up to so many others pass, if there are others within `LATE_MS`. */
  lateBy: number;
  /** Whether the outcome of the next batch is to be lost: worked off, but never acknowledged. */
  losesOutcome(): boolean;
}

export interface Counters {
  sent: number;
  delivered: number;
  /** Of those, not for the first time. */
  redelivered: number;
  acked: number;
  /** Given up. */
  dead: number;
}

export interface QueueContext {
  consumerUrl: string;
  /** Delays are divided by it. */
  speed: number;
  random: Random;
  faults: DeliveryFaults;
  counters: Counters;
  /** Told of messages that are given up. */
  onDead(bodies: SentMessage[]): void;
  onChange(): void;
}

interface Waiting extends Delivered {
  /** Unix milliseconds. */
  readyAt: number;
  /** How many others have to pass, and until when that holds. */
  lets: number;
  letsUntil: number;
}

const dueAt = ({ lets, letsUntil, readyAt }: Waiting) => (lets > 0 ? letsUntil : readyAt);

const LATE_MS = 200;
/** Before a consumer is asked again that nobody has restarted yet, or that has just failed. */
const PAUSE_MS = 20;

export class BrokerQueue {
  readonly rules: QueueRules;
  readonly #context: QueueContext;
  #waiting: Waiting[] = [];
  #batches = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(rules: QueueRules, context: QueueContext) {
    this.rules = rules;
    this.#context = context;
  }

  /** Nothing to do, now or later. */
  get isIdle(): boolean {
    return this.#batches === 0 && (this.#waiting.length === 0 || !this.rules.hasConsumer);
  }

  /** Batches that the consumer has. */
  get inFlight(): number {
    return this.#batches;
  }

  get waiting(): readonly Delivered[] {
    return this.#waiting;
  }

  put(messages: readonly SentMessage[]): void {
    const { faults, random, speed } = this.#context;
    const now = Date.now();
    for (const { body, delaySeconds } of messages) {
      const readyAt = now + ((delaySeconds ?? 0) * 1_000) / speed;
      const lets = Math.floor(random() * (faults.lateBy + 1));
      const message = { id: crypto.randomUUID(), timestamp: now, attempts: 1, body, readyAt };
      for (let copy = 0; copy <= faults.duplicate; copy++) {
        this.#waiting.push({ ...message, lets, letsUntil: readyAt + LATE_MS });
      }
    }
    this.#work();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #work(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || !this.rules.hasConsumer) return;
    while (this.#batches < this.rules.maxConcurrency) {
      const batch = this.#take();
      if (batch.length === 0) break;
      void this.#deliver(batch);
    }
    const next = Math.min(...this.#waiting.map(dueAt)) + this.#patience;
    // At the limit of concurrency the end of a batch is what goes on.
    if (Number.isFinite(next) && this.#batches < this.rules.maxConcurrency) {
      this.#timer = setTimeout(() => this.#work(), Math.max(next - Date.now(), 1));
    }
  }

  /** How long a batch waits for more, in milliseconds. */
  get #patience(): number {
    return (this.rules.maxBatchTimeout * 1_000) / this.#context.speed;
  }

  #take(): Waiting[] {
    const now = Date.now();
    const ready = this.#waiting
      .filter((message) => dueAt(message) <= now)
      .sort((a, b) => a.readyAt - b.readyAt);
    const [oldest] = ready;
    const isFull = ready.length >= this.rules.maxBatchSize;
    if (oldest === undefined || (!isFull && dueAt(oldest) + this.#patience > now)) return [];
    const { faults, random } = this.#context;
    const ordered = faults.shuffle ? shuffled(ready, random) : ready;
    const batch = new Set(ordered.slice(0, this.rules.maxBatchSize));
    this.#waiting = this.#waiting.filter((message) => !batch.has(message));
    for (const message of this.#waiting) message.lets -= batch.size;
    return [...batch];
  }

  async #deliver(batch: Waiting[]): Promise<void> {
    this.#batches += 1;
    try {
      this.#settle(batch, await this.#post(batch));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#putBack(batch, PAUSE_MS);
    }
    this.#batches -= 1;
    this.#work();
    this.#context.onChange();
  }

  async #post(batch: readonly Waiting[]): Promise<Outcome[]> {
    const { consumerUrl, faults, counters } = this.#context;
    const body = batch.map(
      ({ id, timestamp, attempts, body }): Delivered => ({ id, timestamp, attempts, body }),
    );
    const headers: Record<string, string> = faults.losesOutcome() ? { [LOSE_OUTCOME]: '1' } : {};
    const url = `${consumerUrl}/queue/${this.rules.name}`;
    const answer = await postJson(url, body, headers).catch((error: unknown) => {
      // A broken connection: what was delivered nobody knows.
      if (error instanceof Refused) throw error;
      return { status: 0, text: '' };
    });
    counters.delivered += batch.length;
    counters.redelivered += batch.filter(({ attempts }) => attempts > 1).length;
    return answer.status === 200
      ? (JSON.parse(answer.text) as Outcome[])
      : batch.map(() => ({ ack: false, delaySeconds: null }));
  }

  #settle(batch: readonly Waiting[], outcomes: readonly Outcome[]): void {
    const { counters, onDead, speed } = this.#context;
    const dead: SentMessage[] = [];
    for (const [i, message] of batch.entries()) {
      const outcome = outcomes[i];
      if (outcome?.ack) counters.acked += 1;
      else if (message.attempts > this.rules.maxRetries) {
        counters.dead += 1;
        dead.push({ body: message.body, delaySeconds: null });
      } else {
        const seconds = outcome?.delaySeconds ?? this.rules.retryDelay;
        const wait = Math.max((seconds * 1_000) / speed, PAUSE_MS);
        this.#putBack([{ ...message, attempts: message.attempts + 1 }], wait);
      }
    }
    if (dead.length > 0) onDead(dead);
  }

  #putBack(messages: readonly Waiting[], ms: number): void {
    const readyAt = Date.now() + ms;
    this.#waiting.push(...messages.map((message) => ({ ...message, readyAt, lets: 0 })));
  }
}
