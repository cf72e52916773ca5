import type { Miniflare } from 'miniflare';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Stack } from '../local/stack/stack.ts';
import type { WorkerName } from '../local/stack/workers.ts';

/** How much memory a Worker holds while it works, by its inspector. */

const MB = 1_000_000;

const answer = z.object({
  result: z.object({
    usedSize: z.number(),
    embedderHeapUsedSize: z.number(),
    backingStorageSize: z.number(),
  }),
});

const POLL_MS = 10;
const LEAST_ANSWERS = 20;

interface Looked {
  stack: Stack;
  worker: WorkerName;
  /**
   * Whether garbage is collected before each look. Where an isolate has no limit, as here, V8 collects late on a busy machine;
   * one of 128 MB would have collected before it was full.
   */
  collects?: boolean;
}

/** A collection takes some milliseconds of the isolate's time. */
const COLLECT_MS = 200;

/**
 * Asks the inspector again and again while `work` is under way, in an isolate that has served one small request.
 * @returns MB above what it held before, and in all
 */
export async function peakMemory(
  { stack, worker, collects = false }: Looked,
  work: () => Promise<void>,
) {
  await (await fetch(`${stack.url}/live`)).text();
  const socket = new WebSocket(await inspectorUrl(stack.miniflare, worker));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const held: number[] = [];
  socket.on('message', (data) => {
    // That of a collection is empty.
    const { result } = answer.safeParse(JSON.parse(String(data))).data ?? {};
    if (result === undefined) return;
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = result;
    held.push((usedSize + embedderHeapUsedSize + backingStorageSize) / MB);
  });
  let id = 0;
  const send = (method: string) => socket.send(JSON.stringify({ id: ++id, method }));
  const ask = () => {
    if (collects) send('HeapProfiler.collectGarbage');
    send('Runtime.getHeapUsage');
  };
  ask();
  await new Promise((resolve) => socket.once('message', resolve));
  const polling = setInterval(ask, collects ? COLLECT_MS : POLL_MS);
  await work();
  clearInterval(polling);
  socket.close();
  // A probe that hears too little would find nothing.
  if (held.length < LEAST_ANSWERS) throw new Error(`The inspector answered ${held.length} times.`);
  const total = Math.max(...held);
  return { above: total - (held[0] ?? Number.NaN), total };
}

export async function inspectorUrl(miniflare: Miniflare, worker: WorkerName): Promise<string> {
  const { origin } = await miniflare.getInspectorURL();
  const targets = z
    .array(z.object({ title: z.string().default(''), webSocketDebuggerUrl: z.string() }))
    .parse(await (await fetch(`${origin.replace('ws:', 'http:')}/json`)).json());
  const target = targets.find(({ title }) => title.endsWith(`:user:${worker}`));
  if (target === undefined) throw new Error(`The inspector does not know the ${worker}.`);
  return target.webSocketDebuggerUrl;
}
