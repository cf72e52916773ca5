import { Redis } from 'ioredis';
import MemoryRedis from 'ioredis-mock';
import type { RedisBackend, RedisCommand } from './upstash-endpoint.ts';

/** @param url of a real Redis; without one, a Redis in the memory of this process. */
export const openRedisBackend = async (url: string | null): Promise<RedisBackend> =>
  url === null ? openMemoryRedis() : openRealRedis(url);

async function openRealRedis(url: string): Promise<RedisBackend> {
  const redis = await connect(url);
  return {
    run: ([name, ...args]) => redis.call(asSent(name), ...args),
    runAll: async (commands) => {
      const all = commands.map(([name, ...args]) => ['call', asSent(name), ...args]);
      return (await redis.multi(all).exec()) ?? [];
    },
    close: async () => void (await redis.quit().catch(() => redis.disconnect())),
  };
}

/** This client makes objects of some replies, but only of commands in small letters. */
const asSent = (name: string): string => name.toUpperCase();

async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
  });
  // Reported by the command that needs it.
  redis.on('error', () => {});
  await redis.connect();
  return redis;
}

function openMemoryRedis(): RedisBackend {
  const redis = new MemoryRedis();
  const run = async (command: RedisCommand) => likeRedis(await methodOf(redis, command)());
  return {
    run,
    runAll: async (commands) => {
      // An unknown command fails them all, as in Redis.
      for (const command of commands) methodOf(redis, command);
      const replies = await Promise.allSettled(commands.map(run));
      return replies.map((reply) =>
        reply.status === 'fulfilled' ? [null, reply.value] : [reply.reason as Error, null],
      );
    },
    close: async () => void (await redis.quit()),
  };
}

/** The in-memory Redis has a method for each command, but no `call`. */
function methodOf(redis: Redis, command: RedisCommand): () => Promise<unknown> {
  const [name, ...args] = command;
  const pattern = patternToReset(command);
  if (pattern !== null) return () => removeAll(redis, pattern);
  const method: unknown = Reflect.get(redis, name.toLowerCase());
  if (typeof method !== 'function') throw new Error(`ERR unknown command '${name}'`);
  // It also knows the options of SET in capitals only.
  const isOption = (i: number) => name.toLowerCase() === 'set' && i > 1;
  const given = args.map((arg, i) => (isOption(i) ? arg.toUpperCase() : arg));
  return async () => Reflect.apply(method, redis, given);
}

/**
 * Its Lua takes the list inside SCAN's reply for something else, so the one script that scans, with which the limiter
 * forgets a person, is done without Lua.
 * @returns `null` of any other command
 */
function patternToReset([name, script = '', , pattern = '']: RedisCommand): string | null {
  return name.toUpperCase() === 'EVAL' && script.includes("redis.call('SCAN'") ? pattern : null;
}

/** @returns what the endpoint has every script answer: how many commands it has called, and its reply */
async function removeAll(redis: Redis, pattern: string): Promise<[calls: number, reply: null]> {
  const keys = await redis.keys(pattern);
  for (const key of keys) await redis.del(key);
  return [1 + keys.length, null];
}

/** Redis knows neither objects (a hash is a list of names and values) nor Lua's `false`. */
function likeRedis(reply: unknown): unknown {
  if (reply === false) return null;
  if (Array.isArray(reply)) return reply.map(likeRedis);
  return typeof reply === 'object' && reply !== null ? Object.entries(reply).flat() : reply;
}
