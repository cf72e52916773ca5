import { z } from 'zod';
import { HttpProblem } from './problem.ts';

/** The last instant that Postgres and ISO 8601 write in the same way. */
const LAST_INSTANT = Date.UTC(9999, 11, 31);

/** Where a page of a list ended: the time of its last row, and what tells rows of one time apart. */
const position = (id: z.ZodType<string>) => z.tuple([z.int().nonnegative().max(LAST_INSTANT), id]);

export interface Position {
  at: number;
  id: string;
}

/** Opaque to clients, who only hand it back. */
export const toCursor = ({ at, id }: Position): string =>
  btoa(JSON.stringify([at, id]))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** @param id what an id of this list looks like. @throws HttpProblem if the cursor is none of ours. */
export function readCursor(cursor: string | undefined, id: z.ZodType<string>): Position | null {
  if (cursor === undefined) return null;
  try {
    const text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const [at, last] = position(id).parse(JSON.parse(text));
    return { at, id: last };
  } catch {
    const message = 'Take it from next_cursor of the page before, unchanged.';
    throw new HttpProblem('invalid_parameter', {
      errors: [{ pointer: 'cursor', code: 'invalid_cursor', message }],
    });
  }
}
