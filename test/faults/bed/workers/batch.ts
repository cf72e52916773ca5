import type { Delivered, Outcome } from './protocol.ts';

/** A batch as Cloudflare hands it to a consumer, and what the consumer made of it. */
export interface Batch {
  batch: MessageBatch;
  /** @param otherwise for messages that were neither acknowledged nor sent back. */
  outcomes(otherwise: Outcome): Outcome[];
}

const ACK: Outcome = { ack: true };
const retry = ({ delaySeconds = undefined }: QueueRetryOptions = {}): Outcome => ({
  ack: false,
  delaySeconds: delaySeconds ?? null,
});

export function openBatch(queue: string, delivered: readonly Delivered[]): Batch {
  const settled = new Map<number, Outcome>();
  // The first word on a message counts, as it does at Cloudflare.
  const settle = (i: number, outcome: Outcome) => {
    if (!settled.has(i)) settled.set(i, outcome);
  };
  const settleAll = (outcome: Outcome) =>
    delivered.forEach((_, i) => {
      settle(i, outcome);
    });
  const messages = delivered.map(({ id, timestamp, attempts, body }, i) => ({
    id,
    timestamp: new Date(timestamp),
    attempts,
    body,
    ack: () => settle(i, ACK),
    retry: (options?: QueueRetryOptions) => settle(i, retry(options)),
  }));
  return {
    batch: {
      queue,
      messages,
      metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
      ackAll: () => settleAll(ACK),
      retryAll: (options) => settleAll(retry(options)),
    },
    outcomes: (otherwise) => delivered.map((_, i) => settled.get(i) ?? otherwise),
  };
}
