import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Stack } from '../local/stack/stack.ts';
import { makeBed, readBody } from './bed.ts';
import { cpuOf, newestWorkerd } from './machine.ts';
import { bodyFile } from './payloads.ts';
import type { Report } from './report.ts';
import { median, range } from './statistics.ts';

/** What a large body costs at the edge, above the same body put into R2 untouched. */

const MB = 1_000_000;

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

interface Contender {
  pid: number;
  send(i: number): Promise<void>;
  /** Milliseconds of CPU a MB, round by round. */
  costs: number[];
}

/** In turns, after one round to warm up. */
async function race(contenders: readonly Contender[], megabytes: number, rounds: number) {
  for (let i = 0; i <= rounds; i++) {
    for (const { pid, send, costs } of contenders) {
      const before = cpuOf(pid);
      await send(i);
      if (i > 0) costs.push((cpuOf(pid) - before) / megabytes);
    }
  }
}

/** A Worker that does nothing but keep the body. */
async function startUntouched(dataDir: string) {
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
  return { miniflare, href, pid: newestWorkerd() };
}

export async function measureEdge(
  databaseUrl: string,
  report: Report,
  rounds: number,
): Promise<void> {
  const body = readBody((await bodyFile({ bytes: 100 * MB, seed: 2 })).path);
  // Alone: what the consumer does with the slices is not the edge's.
  const bed = await makeBed(databaseUrl, { only: ['api'], inspectorPort: 0 });
  const dataDir = mkdtempSync(join(tmpdir(), 'self-sensored-untouched-'));
  const other = await startUntouched(dataDir);
  try {
    const headers = { Authorization: `Bearer ${bed.key}` };
    const url = `${bed.stack.url}/api/v1/sync`;
    const { above, total } = await peakMemory(bed.stack, () =>
      post(url, variant(body, 90), headers),
    );
    report.add(
      "peak of the API isolate's heap and buffers while 100 MB pass, above idle",
      `${above.toFixed(1)} MB (${total.toFixed(1)} in all)`,
      '≤ 32 MB',
      above <= 32,
    );
    const ours: Contender = {
      pid: bed.workerd,
      send: (i) => post(url, variant(body, i), headers),
      costs: [],
    };
    const base: Contender = { pid: other.pid, send: () => post(other.href, body), costs: [] };
    await race([ours, base], body.length / MB, rounds + 2);
    const differences = ours.costs.map((cost, i) => cost - (base.costs[i] ?? Number.NaN));
    const difference = median(differences);
    report.add(
      'edge CPU of a 100 MB body, above the body put into R2 untouched',
      `${difference.toFixed(1)} ms/MB${range(differences)} (${median(ours.costs).toFixed(1)} with us, ${median(base.costs).toFixed(1)} without)`,
      '≤ 15 ms/MB',
      difference <= 15,
    );
  } finally {
    await other.miniflare.dispose();
    rmSync(dataDir, { recursive: true, force: true });
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
const LEAST_ANSWERS = 20;

/**
 * Asks the inspector again and again while `work` is under way, in an isolate that has served one small request.
 * @returns MB above what it held before, and in all
 */
async function peakMemory(stack: Stack, work: () => Promise<void>) {
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
  // A probe that hears too little would find nothing.
  if (held.length < LEAST_ANSWERS) throw new Error(`The inspector answered ${held.length} times.`);
  const total = Math.max(...held);
  return { above: total - (held[0] ?? Number.NaN), total };
}

async function inspectorUrl(miniflare: Miniflare): Promise<string> {
  const { origin } = await miniflare.getInspectorURL();
  const targets = z
    .array(z.object({ title: z.string().default(''), webSocketDebuggerUrl: z.string() }))
    .parse(await (await fetch(`${origin.replace('ws:', 'http:')}/json`)).json());
  const target = targets.find(({ title }) => title.endsWith(':user:api'));
  if (target === undefined) throw new Error('The inspector does not know the API.');
  return target.webSocketDebuggerUrl;
}
