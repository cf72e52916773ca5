import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppEnv } from './context.ts';
import type { NumberedPagination } from './numbered-page.ts';

/** Of a list that goes by cursor. */
export interface Pagination {
  limit: number;
  has_next: boolean;
  next_cursor: string | null;
}

interface Particulars {
  status?: ContentfulStatusCode;
  message?: string;
  pagination?: Pagination | NumberedPagination;
  headers?: Readonly<Record<string, string>>;
}

/** A success on the wire. */
export const success = (
  c: Context<AppEnv>,
  data: unknown,
  particulars: Particulars = {},
): Response => successOf(c, JSON.stringify(data), particulars);

/** The same for data that are JSON already: pages are long, and their tag is made of that text, too. */
export function successOf(
  c: Context<AppEnv>,
  json: string,
  { status = 200, message, pagination, headers }: Particulars = {},
): Response {
  const next = nextPage(c, pagination);
  const rest = JSON.stringify({
    ...(message === undefined ? {} : { message }),
    ...(pagination === undefined ? {} : { pagination: { ...pagination, ...next } }),
    correlation_id: c.get('correlationId'),
    timestamp: new Date().toISOString(),
  });
  return c.body(`{"success":true,"data":${json},${rest.slice(1)}`, status, {
    'Content-Type': 'application/json',
    ...headers,
    ...linkTo(next),
  });
}

/** Path and query of the page after this one, if the list goes by cursor. */
export function nextPage(
  c: Context<AppEnv>,
  pagination: Particulars['pagination'],
): { next?: string | null } {
  if (pagination === undefined || !('next_cursor' in pagination)) return {};
  if (pagination.next_cursor === null) return { next: null };
  const url = new URL(c.req.url);
  url.searchParams.set('cursor', pagination.next_cursor);
  return { next: `${url.pathname}${url.search}` };
}

/** The same as a header (RFC 8288), for clients that see no envelope. */
export const linkTo = ({ next }: { next?: string | null }): Record<string, string> =>
  next ? { Link: `<${next}>; rel="next"` } : {};
