import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Miniflare } from 'miniflare';
import { migrate } from '../../migrations/run.ts';
import { type LocalCron, startCron } from './cron.ts';
import { asMigrated, openBackend, queryRows } from './database.ts';
import { startNeonEndpoint } from './neon-endpoint.ts';
import { pausable } from './pausable.ts';
import { openRedisBackend } from './redis.ts';
import { createSwitch, type Switch } from './switch.ts';
import { type Bill, startUpstashEndpoint } from './upstash-endpoint.ts';
import { buildWorkers, startWorkers, type WorkerName } from './workers.ts';

/** The whole system on one machine: what `npm start`, the tests, the demo and the benchmarks run on. */

export interface StackOptions {
  /** 0 takes a free one. */
  port?: number;
  host?: string;
  /** Where archive and embedded database live; `null`: in memory, gone at the end. */
  dataDir: string | null;
  /** A real Postgres 15+ with PostGIS in place of the embedded one. */
  databaseUrl?: string | null;
  /** A real Redis in place of the one in memory. */
  redisUrl?: string | null;
  /** Variables of the Workers, over those of the wrangler files. */
  vars?: Record<string, string>;
  inspectorPort?: number;
  /** Whether maintenance runs by cron, as in production, and once at the start. */
  cron?: boolean;
  /** Which Workers; by default both. */
  only?: readonly WorkerName[];
  /** One line of a Worker's log. */
  onLog?: (line: string) => void;
  /** The runtime has ended by itself, and has been started again. */
  onRestart?: () => void | Promise<void>;
  /** Told what is about to be done, for whoever watches. */
  onStep?: (step: string) => void;
}

export interface Stack {
  url: string;
  databaseUrl: string | null;
  /** Where Neon's HTTP protocol is spoken. */
  neonEndpoint: string;
  /** The same database the Workers use; values come back as text. */
  query(sql: string, params?: (string | null)[]): Promise<Record<string, string | null>[]>;
  /** Lets no statement begin, and waits for those under way. @returns what lets them begin again */
  holdDatabase(): Promise<() => void>;
  /** Bindings and dispatch, for tests. */
  miniflare: Miniflare;
  /** Takes a server away, and gives it back. */
  database: Switch;
  redis: Switch;
  /** Commands of Redis so far, as Upstash would bill them. */
  bill: Readonly<Bill>;
  /** What the Workers run with: for another isolate beside these. */
  vars: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Makes and recognises the keys of the servers on this machine. */
export const LOCAL_PEPPER = 'a pepper for this machine only, where nobody else listens';

/** The token and the pepper of a machine that only its owner reaches. */
const LOCAL_SECRETS = {
  UPSTASH_REDIS_REST_TOKEN: 'local-cache-token',
  KEY_PEPPER: LOCAL_PEPPER,
};

export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, databaseUrl = null, redisUrl = null, onStep = () => {} } = options;
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    if (dataDir !== null) await mkdir(dataDir, { recursive: true });
    onStep('Building the Workers');
    await buildWorkers();

    onStep(databaseUrl === null ? 'Starting the embedded Postgres' : 'Connecting to Postgres');
    const backend = pausable(await openBackend(databaseUrl, dataDir));
    stops.push(() => backend.close());
    onStep('Applying migrations');
    await migrate(asMigrated(backend));

    onStep(redisUrl === null ? 'Starting the cache' : 'Connecting to Redis');
    const redisBackend = await openRedisBackend(redisUrl);
    stops.push(() => redisBackend.close());
    const [database, redis] = [createSwitch(), createSwitch()];
    const bill: Bill = { commands: 0 };
    const neon = await startNeonEndpoint(backend.asWorkers, database);
    stops.push(() => neon.stop());
    const upstash = await startUpstashEndpoint(
      redisBackend,
      LOCAL_SECRETS.UPSTASH_REDIS_REST_TOKEN,
      { power: redis, bill },
    );
    stops.push(() => upstash.stop());

    const vars = {
      ...LOCAL_SECRETS,
      ENVIRONMENT: 'local',
      // Only the endpoint reads it; the driver wants one of this form.
      DATABASE_URL: 'postgres://local:local@db.local/local',
      NEON_ENDPOINT: neon.url,
      UPSTASH_REDIS_REST_URL: upstash.url,
      ...options.vars,
    };
    onStep('Starting both Workers');
    let cron: LocalCron | null = null;
    const miniflare = await startWorkers({
      port: options.port ?? 0,
      host: options.host ?? '127.0.0.1',
      persistTo: dataDir === null ? null : join(dataDir, 'archive'),
      vars,
      ...(options.inspectorPort === undefined ? {} : { inspectorPort: options.inspectorPort }),
      ...(options.only === undefined ? {} : { only: options.only }),
      onLog: options.onLog ?? (() => {}),
      onRestart: async () => {
        await options.onRestart?.();
        await cron?.recover();
      },
    });
    stops.push(() => miniflare.dispose());
    if (options.cron) {
      cron = startCron(miniflare, backend);
      stops.push(async () => cron?.stop());
      await cron.recover();
    }
    return {
      url: (await miniflare.ready).origin,
      databaseUrl,
      neonEndpoint: neon.url,
      query: (sql, params = []) => queryRows(backend, sql, params),
      holdDatabase: () => backend.hold(),
      miniflare,
      database,
      redis,
      bill,
      vars,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
