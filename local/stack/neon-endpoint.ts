import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { type HttpServer, serveJson, type TextAnswer } from './http-server.ts';
import {
  errorBody,
  MAX_REQUEST_BYTES,
  MAX_RESPONSE_BYTES,
  NEON_SHAPES,
  type NeonShape,
  REQUEST_TOO_LARGE,
  RESPONSE_TOO_LARGE,
  shapeOf,
} from './neon-shapes.ts';
import { BackendAway, type SqlResult, type SqlRunner } from './sql-backend.ts';
import type { Switch } from './switch.ts';

/**
 * Speaks the HTTP protocol of Neon's serverless driver: one statement, or a batch that is one transaction.
 * The driver always asks for raw text and rows as arrays, so that is all there is.
 */

/** Neon's parser takes no half of a surrogate pair. */
const text = z.string().refine((each) => each.isWellFormed());
const query = z.object({
  query: text,
  params: z.array(z.union([text, z.null()])).default([]),
});
const request = z.union([z.object({ queries: z.array(query) }), query]);

/** Thrown by a backend that has Neon's proxy answer in a certain shape. */
export class AnsweredBy extends Error {
  readonly shape: NeonShape;

  constructor(shape: NeonShape) {
    super(shape.name);
    this.shape = shape;
  }
}

/** While it is switched off, each request is answered in the next of all shapes, or in the one that was asked for. */
export async function startNeonEndpoint(backend: SqlRunner, power: Switch): Promise<HttpServer> {
  let turn = 0;
  const server = await serveJson(async ({ headers }, body): Promise<TextAnswer> => {
    if (power.isOff) return shapeOf(power.way ?? NAMES[turn++ % NAMES.length] ?? '');
    if (Number(headers['content-length'] ?? 0) > MAX_REQUEST_BYTES) return REQUEST_TOO_LARGE;
    const asked = request.safeParse(body);
    if (!asked.success) return shapeOf('request_not_parsed');
    try {
      const answer = await run(backend, asked.data, headers);
      return answer.length > MAX_RESPONSE_BYTES ? RESPONSE_TOO_LARGE : json(200, answer);
    } catch (error) {
      return refusal(error);
    }
  });
  return { ...server, url: `${server.url}/sql` };
}

const NAMES = NEON_SHAPES.map(({ name }) => name);

const json = (status: number, text: string): TextAnswer => ({
  status,
  type: 'application/json',
  text,
});

async function run(
  backend: SqlRunner,
  asked: z.infer<typeof request>,
  headers: IncomingHttpHeaders,
): Promise<string> {
  if (!('queries' in asked)) return JSON.stringify(onTheWire(await backend.run(asked)));
  const results = await backend.runAll(asked.queries, modesOf(headers));
  return JSON.stringify({ results: results.map(onTheWire) });
}

/** The headers that a batch may bring, and what Postgres calls what they ask for. */
const MODES: Record<string, Record<string, string>> = {
  'neon-batch-isolation-level': {
    ReadUncommitted: 'isolation level read uncommitted',
    ReadCommitted: 'isolation level read committed',
    RepeatableRead: 'isolation level repeatable read',
    Serializable: 'isolation level serializable',
  },
  'neon-batch-read-only': { true: 'read only', false: 'read write' },
  'neon-batch-deferrable': { true: 'deferrable', false: 'not deferrable' },
};

const modesOf = (headers: IncomingHttpHeaders): string =>
  Object.entries(MODES)
    .flatMap(([name, words]) => words[String(headers[name])] ?? [])
    .join(', ');

const onTheWire = (result: SqlResult) => ({ ...result, rowAsArray: true });

/** As Neon's proxy reports it: only a refused connection to a database that is not there is the client's fault. */
function refusal(error: unknown): TextAnswer {
  if (error instanceof AnsweredBy) return error.shape;
  if (!(error instanceof BackendAway)) return json(400, JSON.stringify(errorOf(error)));
  if (error.during === 'statement') return shapeOf('connection_closed');
  const { code } = Object(error.cause);
  if (code === NO_SUCH_DATABASE) return json(400, JSON.stringify(errorOf(error.cause)));
  return shapeOf('compute_not_reached');
}

const NO_SUCH_DATABASE = '3D000';

const FIELDS = [
  'code',
  'severity',
  'detail',
  'hint',
  'position',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'routine',
];

/** Errors of pg and of PGlite carry the same fields of Postgres. */
function errorOf(error: unknown): Record<string, unknown> {
  const all = Object(error) as Record<string, unknown>;
  const fields = FIELDS.map((name) => [name, all[name]] as const);
  return errorBody(
    String(all.message),
    Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
  );
}
