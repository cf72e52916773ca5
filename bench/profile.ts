import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Stack } from '../local/stack/stack.ts';
import type { WorkerName } from '../local/stack/workers.ts';
import { inspectorUrl } from './memory.ts';

/** Where a Worker's isolate spends its time, by its inspector. */

const SAMPLE_MICROSECONDS = 200;

const profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
});

export interface Share {
  name: string;
  /** Of the samples in which the isolate was not idle. */
  share: number;
}

/** Samples the isolate while `work` is under way. @returns functions by the time spent in themselves, longest first */
export async function profileOf(
  stack: Stack,
  worker: WorkerName,
  work: () => Promise<void>,
): Promise<Share[]> {
  const socket = new WebSocket(await inspectorUrl(stack.miniflare, worker));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let id = 0;
  const ask = (method: string, params = {}) =>
    new Promise<unknown>((resolve) => {
      const asked = ++id;
      socket.on('message', (data) => {
        const answer = z
          .object({ id: z.number().optional(), result: z.unknown().optional() })
          .parse(JSON.parse(String(data)));
        if (answer.id === asked) resolve(answer.result);
      });
      socket.send(JSON.stringify({ id: asked, method, params }));
    });
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await ask('Profiler.start');
  await work();
  const { nodes, samples } = z.object({ profile }).parse(await ask('Profiler.stop')).profile;
  socket.close();

  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const counts = new Map<string, number>();
  for (const sample of samples) {
    const name = names.get(sample) ?? '';
    if (name !== '(idle)') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts]
    .map(([name, count]) => ({ name, share: count / all }))
    .sort((a, b) => b.share - a.share);
}

const nameOf = ({ functionName, lineNumber }: { functionName: string; lineNumber: number }) =>
  functionName === '' ? `anonymous, line ${lineNumber + 1} of the bundle` : functionName;
