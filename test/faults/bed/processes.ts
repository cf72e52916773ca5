import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Processes of this machine, by what Linux says in /proc. */

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** What a process says of itself; empty if it has ended meanwhile. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** `pid (name) state parent …`, and the name may have spaces. */
const fieldsOf = (pid: number): string[] => (read(pid, 'stat').split(') ')[1] ?? '').split(' ');

export const childrenOf = (parent: number): number[] =>
  pids().filter((pid) => Number(fieldsOf(pid)[1]) === parent);

/** The children of this process that were started with a variable of this value. */
export const childrenWith = (variable: string, value: string): number[] =>
  childrenOf(process.pid).filter((pid) =>
    read(pid, 'environ').split('\0').includes(`${variable}=${value}`),
  );

/** SIGKILL for all that are still there. Resolves when they have ended. */
export async function killAll(all: readonly number[]): Promise<void> {
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  await gone(all);
}

/** A zombie has ended: only its parent has not looked. */
async function gone(all: readonly number[]): Promise<void> {
  while (all.some((pid) => !['', 'Z', 'X'].includes(fieldsOf(pid)[0] ?? ''))) await setTimeout(10);
}
