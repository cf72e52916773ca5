import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from './session.ts';

/** workerd outlives a server that is killed, and keeps its port: its process is remembered, and ended by the next start. */

const execute = promisify(execFile);
const fileIn = (dataDir: string): string => join(dataDir, 'workerd.pid');
const POLL_MS = 50;

/** Notes which workerd this process has started. Does nothing where the system has no `pgrep`. */
export async function rememberRuntime(dataDir: string): Promise<void> {
  const found = await execute('pgrep', ['-P', String(process.pid), 'workerd']).catch(() => null);
  if (found !== null) await writeFile(fileIn(dataDir), found.stdout.trim());
}

export const forgetRuntime = (dataDir: string): Promise<void> =>
  rm(fileIn(dataDir), { force: true });

/** Ends the workerd of a start that was killed. @returns its process, or `null` if there was none */
export async function endLeftRuntime(dataDir: string): Promise<number | null> {
  const pid = Number(await readFile(fileIn(dataDir), 'utf8').catch(() => 0));
  await forgetRuntime(dataDir);
  if (!(pid > 0) || !(await isWorkerd(pid))) return null;
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await setTimeout(POLL_MS);
  return pid;
}

/** Another program may have that number by now. */
async function isWorkerd(pid: number): Promise<boolean> {
  const found = await execute('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => null);
  return found !== null && basename(found.stdout.trim()) === 'workerd';
}
