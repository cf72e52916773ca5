import { type Position, toCursor } from './cursor.ts';
import type { Pagination } from './envelope.ts';

/** One page of rows and the way to the next. Takes one row more than a page has, which tells whether there is one. */
export function pageByCursor<T>(
  rows: readonly T[],
  limit: number,
  positionOf: (row: T) => Position,
): { page: T[]; pagination: Pagination } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasNext = rows.length > limit && last !== undefined;
  return {
    page,
    pagination: {
      limit,
      has_next: hasNext,
      next_cursor: hasNext ? toCursor(positionOf(last)) : null,
    },
  };
}
