import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { makeBed, readBody } from './bed.ts';
import { cpuOf, newestWorkerd } from './machine.ts';
import { peakMemory } from './memory.ts';
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
    const { above, total } = await peakMemory({ stack: bed.stack, worker: 'api' }, () =>
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
