import { asMigrated, queryRows } from '../../../local/stack/database.ts';
import { LOCAL_PEPPER } from '../../../local/stack/stack.ts';
import { migrate } from '../../../migrations/run.ts';
import { type Broker, startBroker } from './broker.ts';
import { buildBed, type WorkerName } from './build.ts';
import { type Client, openClient } from './client.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { readQueues } from './config.ts';
import { type FaultyDatabase, startDatabase } from './database.ts';
import { postJson } from './http.ts';
import { createPerson, type Person, type Query } from './people.ts';
import { findPort } from './ports.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { seeded } from './random.ts';
import { type FaultyRedis, startRedis } from './redis.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** The whole system in parts that fail one by one: both Workers, archive, queues, cache and database. */

export interface BedOptions {
  /** Of all that is left to chance. */
  seed: number;
  /** Delays of queues are divided by it. */
  speed?: number;
  /** Variables of the Workers, over those of the wrangler files. */
  vars?: Record<string, string>;
}

export interface Bed extends Client {
  url: string;
  /** What the Workers have logged. */
  logs: string[];
  api: WorkerProcess;
  consumer: WorkerProcess;
  cloud: Cloud;
  broker: Broker;
  redis: FaultyRedis;
  database: FaultyDatabase;
  postgres: Postgres;
  /** Past all faults; values come back as text. */
  query: Query;
  /** @param columns of the keys, over limits that nobody reaches. */
  newPerson(columns?: Record<string, string>): Promise<Person>;
  /** Runs a cron trigger of the consumer to its end. */
  scheduled(cron: string): Promise<void>;
  /** All faults end; what was killed stays so. */
  calm(): void;
  stop(): Promise<void>;
}

const TOKEN = 'cache-token-of-the-bed';
const SPEED = 20;

export async function startBed(options: BedOptions): Promise<Bed> {
  const parts: { stop(): Promise<unknown> }[] = [];
  const keep = <T extends { stop(): Promise<unknown> }>(part: T): T => {
    parts.push(part);
    return part;
  };
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    await buildBed();
    const servers = await startServers(options, keep);
    const workers = await startWorkers(options, servers, keep);
    return { ...servers, ...workers, ...questions(servers, workers), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Keep = <T extends { stop(): Promise<unknown> }>(part: T) => T;
type Servers = Awaited<ReturnType<typeof startServers>>;
type Workers = Awaited<ReturnType<typeof startWorkers>>;

async function startServers({ seed, speed = SPEED }: BedOptions, keep: Keep) {
  const random = seeded(seed);
  const postgres = keep(await startPostgres());
  const database = keep(await startDatabase(postgres.url, random));
  await migrate(asMigrated(database.backend));
  const redis = keep(await startRedis(null, TOKEN, random));
  const cloud = keep(await startCloud(random));
  const consumerPort = await findPort();
  const consumerUrl = `http://127.0.0.1:${consumerPort}`;
  const broker = keep(await startBroker({ consumerUrl, random, speed }));
  return { postgres, database, redis, cloud, broker, consumerPort };
}

async function startWorkers({ vars = {} }: BedOptions, servers: Servers, keep: Keep) {
  const logs: string[] = [];
  const { bindings } = readQueues();
  const start = async (name: WorkerName, port: number) =>
    keep(
      await startWorkerProcess({
        name,
        port,
        vars: {
          ENVIRONMENT: 'local',
          // Only the endpoint reads it; the driver wants one of this form.
          DATABASE_URL: 'postgres://local:local@db.local/local',
          NEON_ENDPOINT: servers.database.url,
          UPSTASH_REDIS_REST_URL: servers.redis.url,
          UPSTASH_REDIS_REST_TOKEN: TOKEN,
          KEY_PEPPER: LOCAL_PEPPER,
          CLOUD_URL: servers.cloud.url,
          BROKER_URL: servers.broker.url,
          BED_QUEUES: JSON.stringify(bindings[name]),
          ...vars,
        },
        onLog: (line) => logs.push(line),
      }),
    );
  return {
    logs,
    consumer: await start('consumer', servers.consumerPort),
    api: await start('api', await findPort()),
  };
}

function questions({ database, redis, cloud, broker }: Servers, { api, consumer }: Workers) {
  const query: Query = (sql, params = []) => queryRows(database.backend, sql, params);
  return {
    url: api.url,
    ...openClient(api.url),
    query,
    newPerson: (columns?: Record<string, string>) => createPerson(query, columns),
    scheduled: async (cron: string) => {
      const url = `${consumer.url}/scheduled?cron=${encodeURIComponent(cron)}`;
      const { status, text } = await postJson(url, null);
      if (status !== 204) throw new Error(`The cron trigger was answered ${status}: ${text}`);
    },
    calm: () => {
      for (const part of [database, redis, cloud, broker]) part.reset();
    },
  };
}
