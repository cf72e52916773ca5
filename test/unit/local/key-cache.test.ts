import { expect, it } from 'vitest';
import { openKeyCache } from '../../../local/commands/key-cache.ts';
import { readLocalSettings } from '../../../local/commands/settings.ts';
import { openRedisBackend } from '../../../local/stack/redis.ts';
import { createSwitch } from '../../../local/stack/switch.ts';
import { startUpstashEndpoint } from '../../../local/stack/upstash-endpoint.ts';
import { createSharedMemory, isRevoked } from '../../../src/keys/shared-memory.ts';
import { openRedis } from '../../../src/redis.ts';

it('a key that a command revokes is revoked for the Workers, whose Redis it is', async () => {
  const backend = await openRedisBackend(null);
  const endpoint = await startUpstashEndpoint(backend, 'token', { power: createSwitch() });
  const env = { UPSTASH_REDIS_REST_URL: endpoint.url, UPSTASH_REDIS_REST_TOKEN: 'token' };
  const cache = await openKeyCache(readLocalSettings(env));
  await cache?.forget('00Lookup0001');
  const recalled = await createSharedMemory(
    () => openRedis(env),
    () => {},
  ).recall('00Lookup0001');
  expect(isRevoked(recalled?.mark ?? null)).toBe(true);
  await cache?.close();
  await endpoint.stop();
  await backend.close();
});

it('where no Redis is named, none is told', async () => {
  expect(await openKeyCache(readLocalSettings({}))).toBeNull();
});
