import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
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

const LISTENS = '0A';

/**
 * A workerd that listens on a port and that no server has any more. Only Linux tells.
 * @returns its process, or `null` if there is none, or a server that runs has it
 */
export function leftRuntimeOn(port: number): number | null {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => {
    const lines = attempt(() => readFileSync(file, 'utf8').trim().split('\n').slice(1)) ?? [];
    return lines.flatMap((line) => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      const isMeant = state === LISTENS && Number.parseInt(local.split(':')[1] ?? '', 16) === port;
      return isMeant ? [`socket:[${inode}]`] : [];
    });
  });
  const pids = (attempt(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name));
  const found = pids.find(
    (pid) =>
      nameOf(pid) === 'workerd' &&
      !hasServer(pid) &&
      openIn(pid).some((file) => sockets.includes(file)),
  );
  return found === undefined ? null : Number(found);
}

const attempt = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch {
    return null;
  }
};

const nameOf = (pid: string): string =>
  attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? '';

function openIn(pid: string): string[] {
  const files = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return files.map((file) => attempt(() => readlinkSync(`/proc/${pid}/fd/${file}`)) ?? '');
}

/** Its parent is the Node that started it; whoever is left gets another parent. */
function hasServer(pid: string): boolean {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? '';
  const [, parent] = /^.*\) \S (\d+)/s.exec(stat) ?? [];
  const command = attempt(() => readFileSync(`/proc/${parent}/cmdline`, 'utf8')) ?? '';
  return /(^|\/)node(\0|$)/.test(command);
}
