import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { z } from 'zod';
import type { AppEnv } from './context.ts';
import { HttpProblem } from './problem.ts';

/** In which form rows go over the wire, as `Accept` asks. */

export type Format = 'json' | 'ndjson' | 'csv';

export const ROW_FORMATS: readonly Format[] = ['json', 'ndjson', 'csv'];

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
};

/** JSON, unless another form is asked for by name. */
export function formatOf(c: Context<AppEnv>): Format {
  const wanted = c.req.header('accept');
  if (wanted === undefined || wanted === '*/*' || wanted === CONTENT_TYPES.json) return 'json';
  const accepted = accepts(c, {
    header: 'Accept',
    supports: Object.values(CONTENT_TYPES),
    default: CONTENT_TYPES.json,
  });
  return ROW_FORMATS.find((format) => CONTENT_TYPES[format] === accepted) ?? 'json';
}

const MOST_ROWS: Readonly<Record<Format, number>> = { json: 1_000, csv: 1_000, ndjson: 10_000 };

/** The parameters of a list that goes by cursor. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  cursor: z.string().max(200).optional(),
};

/** @throws HttpProblem if a page of so many rows is too large for the form that was asked for */
export function checkLimit(c: Context<AppEnv>, limit: number): void {
  const format = formatOf(c);
  if (limit <= MOST_ROWS[format]) return;
  const message = `At most ${MOST_ROWS[format]} rows a page as ${format}; ${MOST_ROWS.ndjson} with Accept: ${CONTENT_TYPES.ndjson}.`;
  throw new HttpProblem('invalid_parameter', {
    errors: [{ pointer: 'limit', code: 'too_big', message }],
  });
}
