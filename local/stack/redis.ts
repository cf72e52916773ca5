import { Redis } from 'ioredis';
import MemoryRedis from 'ioredis-mock';
import type { RedisBackend } from './upstash-endpoint.ts';

/** @param url of a real Redis; without one, a Redis in the memory of this process. */
export async function openRedisBackend(url: string | null): Promise<RedisBackend> {
  const redis: Redis = url === null ? new MemoryRedis() : await connect(url);
  return {
    run: (command, args) => methodOf(redis, command)(...args),
    runAll: async (commands) => {
      const replies = await redis
        .multi(commands.map(([name, ...args]) => [name.toLowerCase(), ...args]))
        .exec();
      return (replies ?? []).map(([error, result]) => {
        if (error) throw error;
        return result;
      });
    },
    close: async () => void (await redis.quit().catch(() => redis.disconnect())),
  };
}

/** The in-memory Redis has a method for each command, but no `call`. */
function methodOf(redis: Redis, command: string): (...args: string[]) => Promise<unknown> {
  const method: unknown = Reflect.get(redis, command.toLowerCase());
  if (typeof method !== 'function') throw new Error(`ERR unknown command '${command}'`);
  // It also knows the options of SET in capitals only.
  const isOption = (i: number) => command.toLowerCase() === 'set' && i > 1;
  return (...args) =>
    Reflect.apply(
      method,
      redis,
      args.map((arg, i) => (isOption(i) ? arg.toUpperCase() : arg)),
    );
}

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
