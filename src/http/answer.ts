import type { Context } from 'hono';
import { csvTable } from '../csv.ts';
import { hex } from '../hex.ts';
import type { AppEnv } from './context.ts';
import { linkTo, nextPage, type Pagination, successOf } from './envelope.ts';
import { CONTENT_TYPES, formatOf } from './format.ts';

/** What a question is answered with: data that may be asked for again, and is then only sent if it has changed. */

interface Particulars {
  message?: string;
  pagination?: Pagination;
}

/** One thing, or a list of things that are not flat: always JSON. */
export async function answer(
  c: Context<AppEnv>,
  data: unknown,
  particulars: Particulars = {},
): Promise<Response> {
  const json = JSON.stringify(data);
  const tag = await tagOf(json + JSON.stringify(particulars.pagination ?? null));
  return (
    notModified(c, tag, particulars.pagination) ??
    successOf(c, json, { ...particulars, headers: headersOf(c, tag) })
  );
}

/** Flat rows of equal columns, as JSON, NDJSON or CSV. */
export async function answerRows(
  c: Context<AppEnv>,
  rows: readonly object[],
  particulars: Particulars = {},
): Promise<Response> {
  const format = formatOf(c);
  if (format === 'json') return answer(c, rows, particulars);
  const pieces = format === 'csv' ? csvTable(rows) : rows.map((row) => `${JSON.stringify(row)}\n`);
  const tag = await tagOf(pieces.join('') + JSON.stringify(particulars.pagination ?? null));
  return (
    notModified(c, tag, particulars.pagination) ??
    new Response(streamOf(pieces), {
      headers: {
        'Content-Type': `${CONTENT_TYPES[format]}; charset=utf-8`,
        ...headersOf(c, tag),
        ...linkTo(nextPage(c, particulars.pagination)),
      },
    })
  );
}

/**
 * A document of a format of its own, without the envelope.
 * @param filename under which a browser keeps it
 */
export async function answerDocument(
  c: Context<AppEnv>,
  type: string,
  text: string,
  filename?: string,
): Promise<Response> {
  const tag = await tagOf(text);
  return (
    notModified(c, tag) ??
    new Response(text, {
      headers: {
        'Content-Type': type,
        ...(filename && { 'Content-Disposition': `attachment; filename="${filename}"` }),
        ...headersOf(c, tag),
      },
    })
  );
}

const LINES_AT_ONCE = 500;

function streamOf(pieces: readonly string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next >= pieces.length) return controller.close();
      controller.enqueue(encoder.encode(pieces.slice(next, next + LINES_AT_ONCE).join('')));
      next += LINES_AT_ONCE;
    },
  });
}

/** The header itself is Cloudflare's, which takes gzip in any case; what the client said stands beside the request. */
function takesGzip(c: Context<AppEnv>): boolean {
  const { cf } = c.req.raw;
  const said = cf === undefined ? c.req.header('accept-encoding') : cf.clientAcceptEncoding;
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(said ?? ''));
}

function headersOf(c: Context<AppEnv>, tag: string): Record<string, string> {
  return {
    ETag: tag,
    'Cache-Control': 'private, no-cache',
    Vary: 'Accept, Accept-Encoding, Authorization, Origin',
    // workerd compresses what says that it is compressed.
    ...(takesGzip(c) ? { 'Content-Encoding': 'gzip' } : {}),
  };
}

/** Weak, since it is of the data alone: the envelope has a time and an id of its own. */
async function tagOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `W/"${hex(digest.slice(0, 12))}"`;
}

function notModified(c: Context<AppEnv>, tag: string, pagination?: Pagination): Response | null {
  const wanted = c.req.header('if-none-match')?.split(',') ?? [];
  if (!wanted.some((each) => each.trim() === tag || each.trim() === '*')) return null;
  const headers = { ...headersOf(c, tag), ...linkTo(nextPage(c, pagination)) };
  return new Response(null, { status: 304, headers });
}
