import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { z } from 'zod';

/** The machine, and what its processes use. */

/** Clock ticks a second, as /proc counts them. */
const TICKS = 100;

/** User and system time of a process so far, in milliseconds. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** Resident memory of a process, in MB. */
export function memoryOf(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}

/** The workerd that was started last by this process. */
export function newestWorkerd(): number {
  const output = execFileSync('pgrep', ['-n', '-P', String(process.pid), 'workerd'], {
    encoding: 'utf8',
  });
  return Number(output.trim());
}

const installed = z.object({ version: z.string() });

const versionOf = (dependency: string): string =>
  installed.parse(
    JSON.parse(
      readFileSync(new URL(`../node_modules/${dependency}/package.json`, import.meta.url), 'utf8'),
    ),
  ).version;

/** @param postgres its version and settings */
export function describeMachine(postgres: string): string {
  const [cpu] = cpus();
  return [
    `${cpus().length} × ${cpu?.model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}`,
    `Node ${process.versions.node}, wrangler ${versionOf('wrangler')}, workerd ${versionOf('workerd')}, ${postgres}`,
    'Bench, both Workers, the endpoints and Postgres share the machine; compare numbers of one run only.',
  ].join('\n');
}
