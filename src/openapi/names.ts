import type { Operation } from '../http/operation.ts';

/** What routes are called in the document. */

/** `/things/:id` in the notation of OpenAPI: `/things/{id}`. */
export const templateOf = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

/** Routes of the API stand under the first segment after its prefix, all others under `server`. */
export function tagOf(path: string): string {
  const [, segment] = /^\/api\/(?:v\d+\/)?([^/]+)/.exec(path) ?? [];
  return segment ?? 'server';
}

/** `GET /api/v1/metrics/:name/samples` is `getMetricsByNameSamples`: as steady as the route. */
export function operationIdOf({ id, method, path }: Operation): string {
  if (id !== undefined) return id;
  const words = path
    .replace(/^\/api\/(?:v\d+\/)?/, '/')
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (segment.startsWith(':') ? `By${pascal(segment)}` : pascal(segment)));
  return method.toLowerCase() + words.join('');
}

const pascal = (segment: string): string =>
  segment
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
