import { z } from 'zod';
import { type Operation, operation } from '../http/operation.ts';

/**
 * A page that reads /openapi.json and tries requests, with a key that is pasted into it. Its files are static assets
 * (local/docs-page.mjs); they go through the Worker like all else, and so under its headers.
 */

const FILES = [
  ['/docs', 'getDocs', 'index.html', 'text/html', 'This API as a page, to read and to try.'],
  [
    '/docs/start.js',
    'getDocsStart',
    'start.js',
    'text/javascript',
    'The first lines of that page.',
  ],
  [
    '/docs/swagger-ui-bundle.js',
    'getDocsScript',
    'swagger-ui-bundle.js',
    'text/javascript',
    'Swagger UI.',
  ],
  ['/docs/swagger-ui.css', 'getDocsStyle', 'swagger-ui.css', 'text/css', 'Its style.'],
] as const;

export const docsRoutes: readonly Operation[] = FILES.map(([path, id, file, type, summary]) =>
  operation({
    method: 'GET',
    path,
    id,
    summary,
    scope: null,
    quota: 'none',
    bare: type,
    answer: z.string().meta({ examples: ['…'] }),
    handler: async (c) => {
      const asset = new Request(new URL(`/docs/${file}`, c.req.url), c.req.raw);
      const { status, body, headers } = await c.env.ASSETS.fetch(asset);
      // What comes from there cannot be changed, and our headers are still to be put on it.
      return new Response(body, { status, headers });
    },
  }),
);
