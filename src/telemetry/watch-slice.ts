import type { Database } from '../database.ts';
import type { ConsumerSettings } from '../env.ts';
import type { Counts } from '../model.ts';
import { isolateMeter } from './isolate-meter.ts';
import { observed } from './observed-database.ts';
import { exportSpans, isTraced } from './otlp.ts';
import { readTraceparent, Trace } from './trace.ts';

/** How a slice from a queue ended, as far as it is counted. */
interface Ended {
  outcome: string;
  counts: Record<string, Counts>;
}

export interface Watched {
  queue: string;
  /** Of the request that sent it: its trace goes on here. */
  traceparent: string | null;
  database: Database;
}

/** Counts, times and traces the loading of a slice. */
export async function watchSlice<T extends Ended>(
  { queue, traceparent, database }: Watched,
  work: (database: Database) => Promise<T>,
  { settings, context }: { settings: ConsumerSettings; context: ExecutionContext },
): Promise<T> {
  const trace = new Trace(readTraceparent(traceparent));
  const started = Date.now();
  const ended = await work(observed(database, { meter: isolateMeter, trace }));
  const { outcome, counts } = ended;
  isolateMeter.count('slices_total', { queue, outcome });
  isolateMeter.observe('slice_duration_seconds', { queue }, (Date.now() - started) / 1000);
  countItems(counts);
  if (!isTraced(settings)) return ended;
  const attributes = {
    'messaging.system': 'cloudflare_queues',
    'messaging.destination.name': queue,
    'self_sensored.outcome': outcome,
  };
  const failed = outcome === 'failed' || outcome === 'unrecognised';
  const spans = trace.end({ name: `load ${queue}`, kind: 'consumer', attributes, failed });
  context.waitUntil(exportSpans('self-sensored-consumer', spans, settings));
  return ended;
}

const OUTCOMES = ['inserted', 'updated', 'unchanged', 'set_aside'] as const;

/** By what became of them. Which metric they were of is in the receipts: a number a metric is too many for each request. */
export function countItems(counts: Record<string, Counts>): void {
  for (const outcome of OUTCOMES) {
    const items = Object.values(counts).reduce((sum, each) => sum + each[outcome], 0);
    if (items > 0) isolateMeter.count('items_total', { outcome }, items);
  }
}
