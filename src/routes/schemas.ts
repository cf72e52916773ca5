import { z } from 'zod';
import { SCHEMA_NAMES, schemaOf } from '../hae/schemas.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { schemaAnswer, schemaListAnswer } from './answers/schemas.ts';

/** What this server reads, for everybody who writes such payloads: JSON Schema, section by section. */

const CACHE = { 'Cache-Control': 'public, max-age=3600' };

const listSchemas = operation({
  method: 'GET',
  path: '/schemas',
  summary: 'The JSON Schemas of the payload and of its sections.',
  scope: null,
  quota: 'none',
  bare: 'application/json',
  answer: schemaListAnswer,
  handler: async (c) => {
    const { origin } = new URL(c.req.url);
    const entries = SCHEMA_NAMES.map((name) => [name, `${origin}/schemas/${name}`]);
    return c.json(Object.fromEntries(entries), 200, CACHE);
  },
});

const getSchema = operation({
  method: 'GET',
  path: '/schemas/:name',
  summary: 'One JSON Schema.',
  scope: null,
  quota: 'none',
  params: z.object({ name: z.string().meta({ examples: ['workouts'] }) }),
  bare: 'application/schema+json',
  answer: schemaAnswer,
  handler: async (c, { params: { name } }) => {
    const { origin } = new URL(c.req.url);
    const schema = schemaOf(name.replace(/\.json$/, ''), `${origin}/schemas/`);
    if (schema === null) {
      throw new HttpProblem('not_found', { detail: `There are ${SCHEMA_NAMES.join(', ')}.` });
    }
    return c.body(JSON.stringify(schema, null, 2), 200, {
      ...CACHE,
      'Content-Type': 'application/schema+json',
    });
  },
});

export const schemaRoutes = [listSchemas, getSchema];
