import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { type HttpAnswer, type HttpServer, serveJson } from './http-server.ts';
import { BackendAway, type SqlResult, type SqlRunner } from './sql-backend.ts';
import type { Switch } from './switch.ts';

/**
 * Speaks the HTTP protocol of Neon's serverless driver: one statement, or a batch that is one transaction.
 * The driver always asks for raw text and rows as arrays, so that is all there is.
 */

const query = z.object({
  query: z.string(),
  params: z.array(z.union([z.string(), z.null()])).default([]),
});
const request = z.union([z.object({ queries: z.array(query) }), query]);

export async function startNeonEndpoint(backend: SqlRunner, power: Switch): Promise<HttpServer> {
  const server = await serveJson(async ({ headers }, body) => {
    if (power.isOff) return unreachable;
    const asked = request.parse(body);
    try {
      if (!('queries' in asked)) return { status: 200, body: onTheWire(await backend.run(asked)) };
      const results = await backend.runAll(asked.queries, modesOf(headers));
      return { status: 200, body: { results: results.map(onTheWire) } };
    } catch (error) {
      return error instanceof BackendAway ? unreachable : { status: 400, body: faultOf(error) };
    }
  });
  return { ...server, url: `${server.url}/sql` };
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

/** What Neon's proxy answers when there is no compute behind it. */
const unreachable: HttpAnswer = {
  status: 500,
  body: { message: 'Control plane request failed: the database is away' },
};

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
function faultOf(error: unknown): Record<string, unknown> {
  const all = Object(error) as Record<string, unknown>;
  const fields = FIELDS.map((name) => [name, all[name]] as const);
  return {
    message: String(all.message),
    ...Object.fromEntries(fields.filter(([, v]) => v !== undefined)),
  };
}
