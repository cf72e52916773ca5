import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { log } from '../log.ts';
import type { AppEnv } from './context.ts';
import { endpointOf } from './endpoint.ts';

/** Requests that may be the last of their isolate leave a line when they begin: the one at their end may never come. */

/** Bodies up to one slice are loaded within milliseconds. */
export const MAX_QUIET_BODY_BYTES = 512 * 1024;
/** Of routes that take small documents. */
export const MAX_QUIET_JSON_BYTES = 16 * 1024;

/** Behind the key, so that the line says whose it is. `null` where no request of the route is expensive. */
export function announcementOf({ isExpensive, takesPayload, json }: Announced) {
  if (!isExpensive && !takesPayload && json === undefined) return null;
  const quietBytes = takesPayload ? MAX_QUIET_BODY_BYTES : MAX_QUIET_JSON_BYTES;
  return createMiddleware<AppEnv>(async function announce(c, next) {
    const { headers, body } = c.req.raw;
    const bytes = declaredBytes(headers);
    const isLarge = body !== null && (bytes === null || bytes > quietBytes);
    if (isExpensive || isLarge || (takesPayload && isCompressed(headers))) begin(c, bytes);
    await next();
  });
}

/** What an operation says of its cost. */
interface Announced {
  isExpensive?: true;
  takesPayload?: true;
  json?: object | undefined;
}

/** What it becomes has little to do with what was declared. Files are found by their bytes (ingest/receive.ts). */
const isCompressed = (headers: Headers): boolean => headers.has('content-encoding');

function declaredBytes(headers: Headers): number | null {
  const length = headers.get('content-length');
  return length === null ? null : Number(length);
}

function begin(c: Context<AppEnv>, bytes: number | null): void {
  const identity = c.get('identity');
  log('info', 'expensive request begins', {
    correlation_id: c.get('correlationId'),
    user_id: identity?.userId ?? null,
    key_id: identity?.keyId ?? null,
    endpoint: endpointOf(c),
    bytes_declared: bytes,
    is_compressed: isCompressed(c.req.raw.headers),
  });
}
