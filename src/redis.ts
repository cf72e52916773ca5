/** Opens Redis. The only file that names its client. */

import { Redis } from '@upstash/redis/cloudflare';
import type { ConsumerSettings } from './env.ts';

export type { Redis };

/** Redis only ever makes things faster or fairer: better without it than slow. */
const TIMEOUT_MS = 1_000;

/**
 * A client for one request: it gathers commands of the same moment into one HTTP request, which must not
 * mix two people's. A command rejects when Redis cannot be reached or takes longer than a second.
 */
export function openRedis(
  settings: Pick<ConsumerSettings, 'UPSTASH_REDIS_REST_URL' | 'UPSTASH_REDIS_REST_TOKEN'>,
): Redis {
  return new Redis({
    url: settings.UPSTASH_REDIS_REST_URL,
    token: settings.UPSTASH_REDIS_REST_TOKEN,
    enableTelemetry: false,
    retry: { retries: 1, backoff: () => 50 },
    // As a function: an aborted plain signal makes this client answer with the reason, as if Redis had.
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
  });
}
