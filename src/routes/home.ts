import { html } from 'hono/html';
import { z } from 'zod';
import { operation } from '../http/operation.ts';
import { pageOf } from '../http/page.ts';

/** What a person sees who opens the address of the server. */
export const showHome = operation({
  method: 'GET',
  path: '/',
  id: 'getHome',
  summary: 'A page of words: what this server is, and where to go on.',
  scope: null,
  quota: 'none',
  bare: 'text/html',
  answer: z.string().meta({ examples: ['…'] }),
  handler: async (c) => {
    const { origin } = new URL(c.req.url);
    const page = await pageOf({
      title: 'self-sensored is running',
      words: [
        'This server takes what Health Auto Export sends, and keeps it in your own Postgres.',
        html`In the app, choose Automations, then REST API. The URL is <code>${origin}/api/v1/sync</code>; add a
          header <code>Authorization</code> with the value <code>Bearer</code>, a blank, and your ingest key.`,
        html`Every question that can be asked: <a href="/docs">/docs</a>. Whether all parts can be reached:
          <a href="/health">/health</a>.`,
      ],
    });
    return c.html(page);
  },
});
