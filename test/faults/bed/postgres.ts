import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findPort } from './ports.ts';
import { childrenOf, killAll } from './processes.ts';

/** A PostgreSQL server of our own, to be killed. */

export interface Postgres {
  url: string;
  /** SIGKILL for the server and all that work for it, as when its machine loses power. */
  kill(): Promise<void>;
  /** Recovers from the log what was committed. Resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

const execute = promisify(execFile);

const OLDEST = 15;
const INSTALLED = '/usr/lib/postgresql';
const POLL_MS = 20;

const CLUSTER = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'];

const SETTINGS = [
  'unix_socket_directories=',
  'listen_addresses=127.0.0.1',
  'max_connections=40',
  'shared_buffers=64MB',
];

/** @throws if there is none from version 15 on. */
export function findPostgres(): string {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).map(Number) : [];
  const version = Math.max(...versions.filter((each) => each >= OLDEST));
  if (!Number.isFinite(version)) {
    throw new Error(`Install PostgreSQL ${OLDEST} or newer with PostGIS: ${INSTALLED} has none.`);
  }
  return join(INSTALLED, String(version), 'bin');
}

export async function startPostgres(): Promise<Postgres> {
  const binaries = findPostgres();
  const user = await owner();
  const folder = await mkdtemp(join(tmpdir(), 'self-sensored-bed-'));
  const data = join(folder, 'data');
  await chown(folder, user.uid ?? -1, user.gid ?? -1);
  await execute(join(binaries, 'initdb'), [...CLUSTER, '-D', data], { ...user, cwd: folder });

  const port = await findPort();
  const settings = ['-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])];
  let server: ChildProcess;
  const start = async () => {
    // A child of ours, so that the system forgets it once it is killed: a zombie would hold the lock of its files.
    server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings], {
      ...user,
      stdio: 'ignore',
    });
    await ready(server, join(data, 'postmaster.pid'));
  };
  const kill = async () => {
    const { pid } = server;
    if (pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    await killAll([pid, ...childrenOf(pid)]);
  };
  const endWithUs = () => server.kill('SIGKILL');
  process.once('exit', endWithUs);
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    kill,
    start,
    stop: async () => {
      process.off('exit', endWithUs);
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The last line of its file of locks tells how far it is (`pidfile.h` of PostgreSQL). */
async function ready(server: ChildProcess, file: string): Promise<void> {
  const state = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
  while (true) {
    const [pid, , , , , , , status] = state();
    if (Number(pid) === server.pid && status?.trim() === 'ready') return;
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new Error(`Postgres ended with ${server.exitCode ?? server.signalCode}.`);
    }
    await setTimeout(POLL_MS);
  }
}

/** Postgres refuses to run as root. */
async function owner(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const idOf = async (flag: string) => Number((await execute('id', [flag, 'postgres'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}
