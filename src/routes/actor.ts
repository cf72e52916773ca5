import type { Context } from 'hono';
import type { AppEnv } from '../http/context.ts';
import type { Actor } from '../store/audit.ts';

/** Who acts in a request, for the audit log. */
export function actorOf(c: Context<AppEnv>): Actor {
  const { keyId, userId } = c.get('identity');
  return { keyId, userId, correlationId: c.get('correlationId') };
}
