import consumer from '../../../../src/consumer.ts';
import { openBatch } from './batch.ts';
import { type Delivered, LOSE_OUTCOME } from './protocol.ts';
import { wrap } from './wrap.ts';

/**
 * The consumer of production, which the bed reaches over HTTP: `POST /queue/<name>` brings a batch and is answered
 * with the outcome of each message, `POST /scheduled?cron=…` runs a cron trigger.
 */

const handler: ExportedHandler<ConsumerEnv> = consumer;

/** Holds the answer back until all is done that the handler left running. */
class Context {
  readonly #left: Promise<unknown>[] = [];

  waitUntil(work: Promise<unknown>): void {
    this.#left.push(work);
  }

  passThroughOnException(): void {}

  async finished(): Promise<void> {
    await Promise.allSettled(this.#left);
  }

  /** The rest of it our handlers do not use. */
  asGiven(): ExecutionContext {
    return this as unknown as ExecutionContext;
  }
}

async function deliver(name: string, request: Request, env: ConsumerEnv): Promise<Response> {
  if (handler.queue === undefined) return new Response('No queue handler', { status: 501 });
  const { batch, outcomes } = openBatch(name, await request.json<Delivered[]>());
  const context = new Context();
  let otherwise: Parameters<typeof outcomes>[0] = { ack: true };
  try {
    await handler.queue(batch, wrap(env), context.asGiven());
  } catch (error) {
    console.error(`queue handler: ${error instanceof Error ? error.name : 'unknown'}`);
    otherwise = { ack: false, delaySeconds: null };
  }
  await context.finished();
  return request.headers.has(LOSE_OUTCOME)
    ? new Response('Lost, as asked', { status: 500 })
    : Response.json(outcomes(otherwise));
}

async function runCron(cron: string, env: ConsumerEnv): Promise<Response> {
  if (handler.scheduled === undefined) return new Response('No cron handler', { status: 501 });
  const wrapped = wrap(env);
  const context = new Context();
  const controller = { cron, scheduledTime: Date.now(), noRetry: () => {} };
  await handler.scheduled(controller, wrapped, context.asGiven());
  await context.finished();
  return new Response(null, { status: 204 });
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const [, kind, name = ''] = pathname.split('/');
    if (kind === 'queue') return deliver(name, request, env);
    if (kind === 'scheduled') return runCron(searchParams.get('cron') ?? '', env);
    return new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<ConsumerEnv>;
