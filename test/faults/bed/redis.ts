import { openRedisBackend } from '../../../local/stack/redis.ts';
import { createSwitch } from '../../../local/stack/switch.ts';
import { startUpstashEndpoint } from '../../../local/stack/upstash-endpoint.ts';
import { type ProxyFault, startFaultProxy } from './fault-proxy.ts';
import { ALWAYS, FaultPlan, type Often } from './plan.ts';
import type { Random } from './random.ts';

/** The cache in front of which a server has faults. */

export type RedisFault =
  | 'down'
  | 'error'
  | 'garbage'
  | 'wrong types'
  | 'lost'
  /** Later than the Worker waits. */
  | 'slow';

export interface FaultyRedis {
  url: string;
  /** Until `reset`. */
  behave(fault: RedisFault): void;
  failNext(fault: RedisFault, often?: Often): void;
  readonly faults: number;
  reset(): void;
  stop(): Promise<void>;
}

const SLOW_MS = 3_000;
/** An object is no reply that any Redis has. */
const WRONG = { result: { not: 'a reply' } };

function faultOf(fault: RedisFault, path: string): ProxyFault {
  switch (fault) {
    case 'down':
      return { kind: 'broken' };
    case 'error':
      return { kind: 'answer', status: 500, body: '{"error":"ERR internal error"}' };
    case 'garbage':
      return { kind: 'answer', status: 200, body: '<html>502 Bad Gateway</html>' };
    case 'wrong types': {
      // Several commands in one request have a list of replies.
      const isList = path.startsWith('/pipeline') || path.startsWith('/multi-exec');
      return { kind: 'answer', status: 200, body: JSON.stringify(isList ? [WRONG] : WRONG) };
    }
    case 'lost':
      return { kind: 'lost' };
    case 'slow':
      return { kind: 'slow', ms: SLOW_MS };
  }
}

/** @param redisUrl of a real one; `null`: in memory. */
export async function startRedis(
  redisUrl: string | null,
  token: string,
  random: Random,
): Promise<FaultyRedis> {
  const backend = await openRedisBackend(redisUrl);
  const endpoint = await startUpstashEndpoint(backend, token, { power: createSwitch() });
  const plan = new FaultPlan<'any', RedisFault>(random);
  const server = await startFaultProxy(endpoint.url, (path) => {
    const fault = plan.next('any');
    return fault === null ? null : faultOf(fault, path);
  });
  return {
    url: server.url,
    behave: (fault) => plan.add('any', fault, ALWAYS),
    failNext: (fault, often = 1) => plan.add('any', fault, often),
    get faults() {
      return plan.dealt;
    },
    reset: () => plan.reset(),
    stop: async () => {
      await server.stop();
      await endpoint.stop();
      await backend.close();
    },
  };
}
