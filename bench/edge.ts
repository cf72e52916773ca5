import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Stack } from '../local/stack/stack.ts';
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
    const peak = await peakMemory(bed.stack, () => post(url, variant(body, 90), headers));
    report.add(
      "peak of the API isolate's heap and buffers while 100 MB pass, above idle",
      `${peak.toFixed(1)} MB`,
      '≤ 32 MB',
      peak <= 32,
    );
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
  } finally {
    await bed.stop();
  }
}

const answer = z.object({
  result: z.object({
    usedSize: z.number(),
    embedderHeapUsedSize: z.number(),
    backingStorageSize: z.number(),
  }),
});

const POLL_MS = 10;

/**
 * Asks the inspector again and again while `work` is under way, in an isolate that has served one small request.
 * @returns MB above what it held before
 */
async function peakMemory(stack: Stack, work: () => Promise<void>): Promise<number> {
  await (await fetch(`${stack.url}/live`)).text();
  const socket = new WebSocket(await inspectorUrl(stack.miniflare));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const held: number[] = [];
  socket.on('message', (data) => {
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = answer.parse(
      JSON.parse(String(data)),
    ).result;
    held.push((usedSize + embedderHeapUsedSize + backingStorageSize) / MB);
  });
  let id = 0;
  const ask = () => socket.send(JSON.stringify({ id: ++id, method: 'Runtime.getHeapUsage' }));
  ask();
  await new Promise((resolve) => socket.once('message', resolve));
  const polling = setInterval(ask, POLL_MS);
  await work();
  clearInterval(polling);
  socket.close();
  return Math.max(...held) - (held[0] ?? Number.NaN);
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
