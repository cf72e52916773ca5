import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppEnv } from './context.ts';
import type { NumberedPagination } from './pages.ts';

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
  { status = 200, message, pagination, headers }: Particulars = {},
): Response =>
  c.json(
    {
      success: true,
      data,
      ...(message === undefined ? {} : { message }),
      ...(pagination === undefined ? {} : { pagination }),
      correlation_id: c.get('correlationId'),
      timestamp: new Date().toISOString(),
    },
    status,
    headers,
  );
