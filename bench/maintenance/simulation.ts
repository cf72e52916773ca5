import { openDatabase } from '../../src/database.ts';
import { CRONS, type TaskName } from '../../src/maintenance/crons.ts';
import type { JobDependencies } from '../../src/maintenance/dependencies.ts';
import type { JobMessage, WorkQueue } from '../../src/maintenance/job-message.ts';
import { runTask } from '../../src/maintenance/run-task.ts';
import type { Redis } from '../../src/redis.ts';
import type { Simulate, SimulatedWorld, TaskCost } from './contract.ts';

/**
 * Runs every task of every cron to its end, step by step, with the functions of the consumer and a real database, and
 * counts what each step asks of R2, the database, Redis and the queue: those are the subrequests of an invocation.
 */
export const simulate: Simulate = async (world) => {
  const counter = { requests: 0 };
  countFetches(counter);
  const queued: TaskName[] = [];
  const dependencies = dependenciesOf(world, counter, queued);
  const costs: TaskCost[] = [];
  for (const task of Object.values(CRONS).flat()) {
    const cost = { task, steps: 0, requests: 0, maxRequests: 0, maxSeconds: 0 };
    queued.push(task);
    while (queued.length > 0) {
      queued.length = 0;
      counter.requests = 0;
      const started = performance.now();
      await runTask(task, dependencies);
      const seconds = (performance.now() - started) / 1000;
      cost.steps++;
      cost.requests += counter.requests;
      cost.maxRequests = Math.max(cost.maxRequests, counter.requests);
      cost.maxSeconds = Math.max(cost.maxSeconds, seconds);
    }
    costs.push(cost);
  }
  return costs;
};

interface Counter {
  requests: number;
}

/** The database is asked by HTTP, whatever method is used: each fetch is a subrequest. */
function countFetches(counter: Counter): void {
  const ask = globalThis.fetch;
  globalThis.fetch = (input: RequestInfo | URL, init?: RequestInit) => {
    counter.requests++;
    return ask(input, init);
  };
}

function dependenciesOf(
  world: SimulatedWorld,
  counter: Counter,
  queued: TaskName[],
): JobDependencies {
  const queue = queueOf(counter, queued);
  return {
    database: openDatabase({
      DATABASE_URL: world.databaseUrl,
      NEON_ENDPOINT: world.neonEndpoint,
      ENVIRONMENT: 'local',
    }),
    bucket: bucketOf(world.rawKeys, counter),
    lanes: { live: only('a lane'), backfill: only('a lane') },
    work: queue,
    redis: redisOf(counter),
    sliceBytes: 524_288,
    maxBytes: 104_857_600,
    maxFilesBytes: 16_777_216,
    sweepAfterSeconds: 600,
    recomputeAfterSeconds: 60,
    isLocal: false,
  };
}

/** Has these methods; healthy receipts give no reason to use others. */
const only = <T extends object>(what: string, methods: object = {}): T =>
  new Proxy(Object.assign(Object.create(null), methods), {
    get: (known, name) => {
      if (name in known) return Reflect.get(known, name);
      throw new Error(`${String(name)} is not to be asked of ${what} here.`);
    },
  });

const PAGE = 1_000;

function bucketOf(rawKeys: SimulatedWorld['rawKeys'], counter: Counter): R2Bucket {
  const list = async ({ prefix = '', startAfter = '' }: R2ListOptions = {}) => {
    counter.requests++;
    const hour = prefix.slice('raw/'.length, -1);
    const keys = rawKeys.get(hour) ?? [];
    const first = keys.findIndex((key) => key > startAfter);
    const page = first === -1 ? [] : keys.slice(first, first + PAGE);
    const truncated = first !== -1 && first + PAGE < keys.length;
    return {
      objects: page.map((key) => ({ key, uploaded: new Date(0) })),
      truncated,
      delimitedPrefixes: [],
    };
  };
  return only<R2Bucket>('the archive', { list });
}

function queueOf(counter: Counter, queued: TaskName[]): WorkQueue {
  return {
    send: async (message: JobMessage, { delaySeconds = 0 }) => {
      counter.requests++;
      // One that comes later is for other jobs to be done meanwhile.
      if ('task' in message && delaySeconds === 0) queued.push(message.task);
    },
    sendBatch: async () => {
      counter.requests++;
    },
  };
}

function redisOf(counter: Counter): Redis {
  const answer = async () => {
    counter.requests++;
    return 1;
  };
  return only<Redis>('Redis', { exists: answer, del: answer });
}
