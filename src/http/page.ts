import type { Context } from 'hono';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { AppEnv } from './context.ts';

/** Pages of words, for people who open an address of the API in a browser. They load nothing and run nothing. */

/** A browser asks for a page; clients of the API, the app included, do not. */
export const wantsPage = (c: Context<AppEnv>): boolean =>
  c.req.method === 'GET' && (c.req.header('accept') ?? '').includes('text/html');

interface Page {
  title: string;
  /** One each paragraph. */
  words: readonly (string | HtmlEscapedString | Promise<HtmlEscapedString>)[];
}

/** @returns the document as text */
export async function pageOf({ title, words }: Page): Promise<string> {
  const paragraphs = words.map((each) => html`<p>${each}</p>`);
  const document = await html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body><h1>${title}</h1>${paragraphs}</body>
</html>
`;
  return String(document);
}
