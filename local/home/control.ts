import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../commands/session.ts';
import { serveJson } from '../stack/http-server.ts';
import type { Stack } from '../stack/stack.ts';
import { copyDataDir } from './snapshot.ts';

/** How `npm run backup` asks the server that runs for a copy of its data at one moment. */

const control = z.object({ url: z.url(), token: z.string(), pid: z.int().positive() });
export type Control = z.infer<typeof control>;

const fileIn = (dataDir: string): string => join(dataDir, 'control.json');
export const snapshotIn = (dataDir: string): string => join(dataDir, 'snapshot');

export async function serveSnapshots(
  stack: Stack,
  dataDir: string,
): Promise<{ stop(): Promise<void> }> {
  const token = randomUUID();
  const server = await serveJson(async (request) => {
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, body: null };
    await takeSnapshot(stack, dataDir);
    return { status: 200, body: null };
  });
  const content: Control = { url: server.url, token, pid: process.pid };
  // Only its owner may read it: who has the token may have all data copied.
  await writeFile(fileIn(dataDir), JSON.stringify(content), { mode: 0o600 });
  return {
    stop: async () => {
      await rm(fileIn(dataDir), { force: true });
      await server.stop();
    },
  };
}

/** Statements wait, and workerd stands still, so that archive and database are of one moment. No request is refused. */
async function takeSnapshot(stack: Stack, dataDir: string): Promise<void> {
  const runtime = Number(attempt(() => readFileSync(join(dataDir, 'workerd.pid'), 'utf8')) ?? 0);
  const letGo = await stack.holdDatabase();
  try {
    if (runtime > 0) process.kill(runtime, 'SIGSTOP');
    await copyDataDir(dataDir, snapshotIn(dataDir));
  } finally {
    if (runtime > 0) process.kill(runtime, 'SIGCONT');
    letGo();
  }
}

/** `null` if no server runs on that folder. */
export function runningControl(dataDir: string): Control | null {
  const content = attempt(() => control.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8'))));
  return content !== null && isAlive(content.pid) ? content : null;
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
