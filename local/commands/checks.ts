import { connect } from 'node:net';
import { Redis } from 'ioredis';
import pg from 'pg';
import { Complaint } from './fail.ts';

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
    throw new Complaint(`Port ${port} is in use. Set PORT to another, as in PORT=8788 npm start.`);
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
