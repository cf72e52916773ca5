import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { AppEnv } from './context.ts';

/** Method and pattern, not the path: a path may hold names, and there is no end of paths. */
export function endpointOf(c: Context<AppEnv>): string {
  const route = routePath(c, -1);
  return route === '/*' ? 'none' : `${c.req.method} ${route}`;
}
