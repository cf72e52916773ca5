import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { checkRights } from './database-rights.ts';
import { Complaint } from './fail.ts';
import { leftRuntimeOn } from './runtime-process.ts';

/** What must hold before the stack is started. Each complains in one line that names the cure. */

/** By knocking: the runtime shares ports, so listening would succeed beside another server. */
export async function checkPort(host: string, port: number): Promise<void> {
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect(port, host === '0.0.0.0' ? '127.0.0.1' : host)
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false));
    socket.once('close', () => socket.destroy()).setTimeout(1_000, () => resolve(false));
    socket.once('connect', () => socket.end());
  });
  if (answers) {
    const left = leftRuntimeOn(port);
    if (left !== null) {
      throw new Complaint(
        `Port ${port} is held by workerd (process ${left}), which a start that was killed has left. End it: kill ${left}.`,
      );
    }
    throw new Complaint(`Port ${port} is in use. Set PORT to another, as in PORT=8788 npm start.`);
  }
}

/** Whether the address can be listened on at all. @throws Complaint */
export async function checkAddress(host: string, port: number): Promise<void> {
  const code = await new Promise<string | null>((resolve) => {
    const server = createServer()
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .listen(port, host, () => server.close(() => resolve(null)));
  });
  const words = code === null ? null : cureOfListening(code, host, port);
  if (words !== null) throw new Complaint(words);
}

/** @returns `null` for what {@link checkPort} tells */
export function cureOfListening(code: string, host: string, port: number): string | null {
  switch (code) {
    case 'EADDRINUSE':
      return null;
    case 'EACCES':
      return `Port ${port} may only be used by an administrator. Take one from 1024 on, as in PORT=8787 npm start; a proxy such as Caddy can pass 80 and 443 on to it.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST ${host} is no address of this computer. 127.0.0.1 is for itself alone, 0.0.0.0 lets its networks in.`;
    default:
      return `${host}:${port} cannot be listened on (${code}). Set HOST and PORT to others.`;
  }
}

/** What a start writes at once, logs and all. */
const LEAST_FREE_MB = 300;
const SLOW_MS = 2_000;
const PROBE_BYTES = 1024 * 1024;

/**
 * Whether data can be written to a folder, and how fast. Makes it.
 * @returns what to tell of it, if it works all the same. @throws Complaint
 */
export async function checkDataDir(dataDir: string): Promise<string | null> {
  const started = performance.now();
  const probe = join(dataDir, 'probe');
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(probe, new Uint8Array(PROBE_BYTES), { flush: true });
    await rm(probe);
  } catch (error) {
    await rm(probe, { force: true }).catch(() => {});
    throw new Complaint(cureOfWriting((error as NodeJS.ErrnoException).code ?? '', dataDir));
  }
  const { bavail, bsize } = await statfs(dataDir);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < LEAST_FREE_MB) {
    throw new Complaint(
      `Only ${free} MB are free where DATA_DIR ${dataDir} lies, and a start needs ${LEAST_FREE_MB}. Make room, or set DATA_DIR to another disk. What is stored stays as it is.`,
    );
  }
  const ms = performance.now() - started;
  return ms < SLOW_MS
    ? null
    : `DATA_DIR ${dataDir} is slow: 1 MB took ${(ms / 1000).toFixed(1)} s. A network drive? Everything will take longer.`;
}

export function cureOfWriting(code: string, dataDir: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `DATA_DIR ${dataDir} cannot be written (${code}). Set it to a folder of yours, as in DATA_DIR=$HOME/self-sensored npm start.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `DATA_DIR ${dataDir} is a file, or lies in one. Set it to a folder.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk of DATA_DIR ${dataDir} is full. Make room, or set DATA_DIR to another disk. What is stored stays as it is.`;
    default:
      return `DATA_DIR ${dataDir} cannot be used (${code}). Set it to a folder on a disk of this computer.`;
  }
}

const OLDEST_POSTGRES = 15;

export async function checkDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int / 10000 as version`,
    );
    const version = rows[0]?.version ?? 0;
    if (version < OLDEST_POSTGRES) {
      throw new Complaint(
        `DATABASE_URL is PostgreSQL ${version}; it must be ${OLDEST_POSTGRES} or newer.`,
      );
    }
    await checkRights(client);
  } catch (error) {
    if (error instanceof Complaint) throw error;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new Complaint(
      `The database of DATABASE_URL cannot be reached (${reason}). Start it, or correct DATABASE_URL.`,
    );
  } finally {
    await client.end().catch(() => {});
  }
}

export async function checkRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  let reason = 'it does not answer';
  redis.on('error', (error: Error) => {
    reason = error.message || error.name;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch {
    throw new Complaint(
      `The Redis of REDIS_URL cannot be reached (${reason}). Start it, or correct REDIS_URL.`,
    );
  } finally {
    redis.disconnect();
  }
}
