import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { makeBed, median, readBody } from './bed.ts';
import { cpuOf, newestWorkerd } from './machine.ts';
import { bodyFile } from './payloads.ts';
import type { Report } from './report.ts';

/** What a large body costs at the edge, above the same body put into R2 untouched. */

const MB = 1_000_000;
const ROUNDS = 5;

const UNTOUCHED = `export default {
  async fetch(request, env) {
    await env.RAW.put('untouched', request.body);
    return new Response('stored');
  },
};`;

const post = async (url: string, body: Uint8Array, headers: Record<string, string> = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: body as Uint8Array<ArrayBuffer>,
  });
  await response.text();
  if (!response.ok) throw new Error(`The body was answered with ${response.status}.`);
};

/** The same body in other bytes, so that it is not taken for a repetition. */
const variant = (body: Uint8Array, i: number): Uint8Array => {
  const copy = new Uint8Array(body.length + i + 1).fill(0x20);
  copy.set(body);
  return copy;
};

/** Milliseconds of CPU a MB, in the median of some rounds after one to warm up. */
async function cpuPerMb(pid: number, megabytes: number, send: (i: number) => Promise<void>) {
  await send(-1);
  const costs: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const before = cpuOf(pid);
    await send(i);
    costs.push((cpuOf(pid) - before) / megabytes);
  }
  return median(costs);
}

async function untouched(body: Uint8Array, dataDir: string): Promise<number> {
  const options = convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    modules: true,
    script: UNTOUCHED,
    compatibilityDate: '2026-11-01',
    r2Buckets: { RAW: 'raw' },
  });
  const miniflare = new Miniflare({ ...options, resourcePersistencePath: dataDir });
  const { href } = await miniflare.ready;
  const cost = await cpuPerMb(newestWorkerd(), body.length / MB, () => post(href, body));
  await miniflare.dispose();
  return cost;
}

export async function measureEdge(databaseUrl: string, report: Report): Promise<void> {
  const body = readBody((await bodyFile({ bytes: 100 * MB, seed: 2 })).path);
  // Alone: what the consumer does with the slices is not the edge's.
  const bed = await makeBed(databaseUrl, { only: ['api'], inspectorPort: 0 });
  try {
    const headers = { Authorization: `Bearer ${bed.key}` };
    const url = `${bed.stack.url}/api/v1/sync`;
    const ours = await cpuPerMb(bed.workerd, body.length / MB, (i) =>
      post(url, variant(body, i + 1), headers),
    );
    const base = await untouched(body, join(process.cwd(), 'bench/.data/untouched'));
    const above = ours - base;
    report.add(
      'edge CPU of a 100 MB body, above the body put into R2 untouched',
      `${above.toFixed(1)} ms/MB (${ours.toFixed(1)} with us, ${base.toFixed(1)} without)`,
      '≤ 15 ms/MB',
      above <= 15,
    );
    const peak = await peakMemory(bed.stack.miniflare, () => post(url, variant(body, 90), headers));
    report.add(
      "peak of the API isolate's heap and buffers while 100 MB pass, above idle",
      `${peak.toFixed(1)} MB`,
      '≤ 32 MB',
      peak <= 32,
    );
  } finally {
    await bed.stop();
  }
}

const heapUsage = z.object({
  usedSize: z.number(),
  embedderHeapUsedSize: z.number().default(0),
  backingStorageSize: z.number().default(0),
});

/** Asks the inspector while `work` is under way. @returns MB above what is held when idle */
async function peakMemory(miniflare: Miniflare, work: () => Promise<void>): Promise<number> {
  const inspector = await openInspector(await inspectorUrl(miniflare));
  const held = async () => {
    const usage = heapUsage.parse(await inspector.ask('Runtime.getHeapUsage'));
    return (usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize) / MB;
  };
  await inspector.ask('HeapProfiler.enable');
  await inspector.ask('HeapProfiler.collectGarbage');
  const idle = await held();
  let peak = idle;
  let isDone = false;
  const working = work().finally(() => {
    isDone = true;
  });
  while (!isDone) peak = Math.max(peak, await held());
  await working;
  inspector.close();
  return peak - idle;
}

async function inspectorUrl(miniflare: Miniflare): Promise<string> {
  const { origin } = await miniflare.getInspectorURL();
  const targets = z
    .array(z.object({ title: z.string().default(''), webSocketDebuggerUrl: z.string() }))
    .parse(await (await fetch(`${origin.replace('ws:', 'http:')}/json`)).json());
  const target = targets.find(({ title }) => title.includes('api')) ?? targets[0];
  if (target === undefined) throw new Error('The inspector knows no Worker.');
  return target.webSocketDebuggerUrl;
}

async function openInspector(url: string) {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (result: unknown) => void>();
  let last = 0;
  socket.on('message', (data) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown };
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  return {
    ask: (method: string): Promise<unknown> =>
      new Promise((resolve) => {
        waiting.set(++last, resolve);
        socket.send(JSON.stringify({ id: last, method }));
      }),
    close: () => socket.close(),
  };
}
