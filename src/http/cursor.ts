import { z } from 'zod';
import { HttpProblem } from './problem.ts';

/** Where a page of a list ended: the time of its last row, and what tells rows of one time apart. */
const position = z.tuple([z.number(), z.string()]);

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

/** @throws HttpProblem if it is none of ours. */
export function readCursor(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  try {
    const text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const [at, id] = position.parse(JSON.parse(text));
    return { at, id };
  } catch {
    const message = 'Take it from next_cursor of the page before, unchanged.';
    throw new HttpProblem('invalid_parameter', {
      errors: [{ pointer: 'cursor', code: 'invalid_cursor', message }],
    });
  }
}
