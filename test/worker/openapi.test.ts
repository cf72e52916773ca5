import { createExecutionContext, env, waitOnExecutionContext } from 'cloudflare:test';
import { describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../../src/http/app.ts';
import { type Operation, operation } from '../../src/http/operation.ts';
import { toDocument } from '../../src/openapi/document.ts';
import { OPERATIONS } from '../../src/routes/index.ts';
import { VERSION } from '../../src/version.ts';

/** The document is made of the table of routes, and of nothing else. */

const ENV: Env = { ...env, UPSTASH_REDIS_REST_URL: inject('servers').away };
const document = toDocument(OPERATIONS, VERSION);
const described = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
);

it('every route is in the document, and nothing else is', () => {
  const routes = OPERATIONS.map(
    ({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
  );
  expect(described.toSorted()).toEqual(routes.toSorted());
});

it.each(OPERATIONS.map((each) => [`${each.method} ${each.path}`, each] as const))(
  '%s says what it answers with',
  (_, { answer, documents }) => {
    expect(answer ?? documents).toBeDefined();
  },
);

it('is served as it is made', async () => {
  const context = createExecutionContext();
  const request = new Request('https://self-sensored.test/openapi.json');
  const response = await createApp(OPERATIONS).fetch(request, ENV, context);
  await waitOnExecutionContext(context);
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)));
});

const thing = z.object({ size: z.number() }).meta({ id: 'Thing' });

const route = (more: Partial<Operation>): Operation => ({
  ...operation({
    method: 'GET',
    path: '/api/v1/things/:id',
    summary: 'A thing.',
    scope: 'read',
    quota: 'reads',
    params: z.object({ id: z.uuid() }),
    query: z.object({
      cursor: z.string().optional(),
      limit: z.coerce.number().int().min(1).default(10),
    }),
    answer: thing,
    handler: async (c) => c.text(''),
  }),
  ...more,
});

const describeOne = (more: Partial<Operation> = {}): Record<string, unknown> =>
  toDocument([route(more)], '1').paths['/api/v1/things/{id}']?.get ?? {};

describe('a route', () => {
  it('is named and grouped by its path', () => {
    expect(describeOne()).toMatchObject({ operationId: 'getThingsById', tags: ['things'] });
    expect(describeOne({ id: 'getThing' })).toMatchObject({ operationId: 'getThing' });
  });

  it('takes what its schemas take, before they have changed it', () => {
    expect(describeOne().parameters).toMatchObject([
      { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      { name: 'cursor', in: 'query', required: false },
      { name: 'limit', required: false, schema: { type: 'integer', minimum: 1, default: 10 } },
    ]);
  });

  it('may be refused by what stands before it, and by what it says itself', () => {
    const statuses = (more: Partial<Operation>) =>
      Object.keys(describeOne(more).responses as object).map(Number);
    expect(statuses({})).toEqual([200, 304, 400, 401, 403, 404, 429, 500, 503]);
    expect(statuses({ scope: null, quota: 'none' })).toEqual([200, 400, 404, 429, 500]);
    expect(statuses({ problems: ['body_gone'], statuses: [202] })).toContain(410);
  });

  it('answers in the envelope, with the page of its list', () => {
    expect(describeOne().responses).toMatchObject({
      200: {
        content: {
          'application/json': {
            schema: {
              required: expect.arrayContaining(['success', 'data', 'pagination']),
              properties: {
                data: { $ref: '#/components/schemas/Thing' },
                pagination: { $ref: '#/components/schemas/CursorPagination' },
              },
            },
          },
        },
      },
    });
  });

  it('cannot give two schemas one name', () => {
    const other = route({ path: '/api/v1/others', answer: z.string().meta({ id: 'Thing' }) });
    expect(() => toDocument([route({}), other], '1')).toThrow('Thing');
  });
});
