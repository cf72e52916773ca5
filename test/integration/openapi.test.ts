import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, describe, expect, it } from 'vitest';
import { typesOf } from '../../local/client/document-types.ts';
import type { Described, Media } from './support/contract.ts';
import { startDescribedStack } from './support/described-stack.ts';

/** What the server says of itself is well formed, and true of every question it answers. */

// Before the tests are known: there is one for each operation of the document.
const { test, ada, document, operations, contract, ask, valueFor } = await startDescribedStack();
afterAll(() => test.stack.stop());

const named = operations.map((each) => [each.name, each] as const);

it('is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate({ ...structuredClone(document) });
  expect(errors).toBeUndefined();
  expect([valid, validator.version]).toEqual([true, '3.1']);
});

it('has a name for each operation', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]+$/);
});

it('is what the types in client/ were written from; else: npm run client', () => {
  const written = readFileSync(join(import.meta.dirname, '../../client/api.d.ts'), 'utf8');
  expect(typesOf(document as never)).toBe(written);
});

it('holds an answer to it, and a field that it does not name against it', () => {
  const counts = { received: 1, inserted: 1, updated: 0, unchanged: 0, set_aside: 0 };
  const faultsOf = (value: unknown) => contract.faults(['components', 'schemas', 'Counts'], value);
  expect(faultsOf(counts)).toEqual([]);
  expect(faultsOf({ ...counts, extra: 1 })).toHaveLength(1);
  expect(faultsOf({ ...counts, received: '1' })).toHaveLength(1);
});

describe('examples', () => {
  const valuesOf = ({ example, examples = {} }: Media): unknown[] => [
    ...(example === undefined ? [] : [example]),
    ...Object.values(examples).map(
      (each) =>
        each.value ?? document.components.examples[each.$ref?.split('/').at(-1) ?? '']?.value,
    ),
  ];

  const faultsIn = (place: readonly string[], content: Record<string, Media> = {}): string[] =>
    Object.entries(content).flatMap(([type, media]) =>
      valuesOf(media).flatMap((value) =>
        contract.faults([...place, 'content', type, 'schema'], value),
      ),
    );

  it.each(named)('of %s are what its schemas say', (_, { path, method, operation }) => {
    const place = ['paths', path, method.toLowerCase()];
    const faults = [
      ...(operation.parameters ?? []).flatMap((each, i) =>
        'example' in each
          ? contract.faults([...place, 'parameters', String(i), 'schema'], each.example)
          : [],
      ),
      ...faultsIn([...place, 'requestBody'], operation.requestBody?.content),
      ...Object.entries(operation.responses).flatMap(([status, { content }]) =>
        faultsIn([...place, 'responses', status], content),
      ),
    ];
    expect(faults).toEqual([]);
  });

  it.each(named)('%s has one of its answer', (_, { operation }) => {
    const answers = Object.entries(operation.responses).filter(([status]) =>
      status.startsWith('2'),
    );
    expect(answers.length).toBeGreaterThan(0);
    for (const [, { content = {} }] of answers) {
      expect(Object.values(content).flatMap(valuesOf).length).toBeGreaterThan(0);
    }
  });

  it('inside of schemas are what these say', () => {
    const found = examplesBelow(document.components.schemas, ['components', 'schemas']);
    expect(found.length).toBeGreaterThan(10);
    expect(found.flatMap(({ place, value }) => contract.faults(place, value))).toEqual([]);
  });
});

interface Found {
  place: string[];
  value: unknown;
}

function examplesBelow(node: unknown, place: string[]): Found[] {
  if (typeof node !== 'object' || node === null) return [];
  const { examples } = node as { examples?: unknown };
  const here = Array.isArray(examples) ? examples.map((value) => ({ place, value })) : [];
  const below = Object.entries(node).filter(([key]) => key !== 'examples');
  return [...here, ...below.flatMap(([key, each]) => examplesBelow(each, [...place, key]))];
}

async function pathOf({ path, parameters }: Described): Promise<string> {
  let filled = path;
  for (const parameter of parameters.filter((each) => each.in === 'path')) {
    const value = await valueFor(path, parameter);
    filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value));
  }
  return filled;
}

const queryOf = ({ parameters }: Described): string => {
  const required = parameters.filter((each) => each.in === 'query' && each.required);
  return new URLSearchParams(
    required.map(({ name, example }) => [name, String(example)]),
  ).toString();
};

describe.each(named.filter(([, { method }]) => method === 'GET'))('%s', (_, described) => {
  it('answers as the document says, field by field', async () => {
    const response = await ask(described, ada, `${await pathOf(described)}?${queryOf(described)}`);
    const { status } = response;
    expect(await contract.faultsOf(described, response)).toEqual([]);
    // Only what nothing is listed of may be missing.
    expect(status === 404 ? described.path.includes('{') : status < 300).toBe(true);
  });

  const types = Object.keys(described.operation.responses[200]?.content ?? {});
  it.each(types.length > 1 ? types : [])('answers as %s, if asked for it', async (type) => {
    const path = `${await pathOf(described)}?${queryOf(described)}`;
    const response = await ask(described, ada, path, { headers: { Accept: type } });
    expect(response.headers.get('content-type')).toContain(type);
    expect(await contract.faultsOf(described, response)).toEqual([]);
  });
});

it.each([
  '/api/v1/ingestions',
  '/api/v1/metrics',
  '/api/v1/metrics/{name}/samples',
  '/api/v1/keys',
  '/api/v1/admin/jobs',
  '/api/v1/admin/audit',
  '/api/v1/admin/partitions',
])('%s had rows to look at', async (path) => {
  const described = operations.find((each) => each.name === `GET ${path}`);
  if (described === undefined) throw new Error(`There is no GET ${path}.`);
  const { data } = await (await ask(described, ada, await pathOf(described))).json();
  expect(data.length).toBeGreaterThan(0);
});

describe('the page of the document', () => {
  it('loads nothing but its own files, and runs no script that stands in it', async () => {
    const page = await fetch(`${test.stack.url}/docs`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files).toContain('/docs/swagger-ui-bundle.js');
    expect(files.filter((file) => !file.startsWith('/') && file !== 'data:,')).toEqual([]);
    for (const file of files.filter((each) => each.startsWith('/'))) {
      expect((await fetch(`${test.stack.url}${file}`)).status, file).toBe(200);
    }
  });

  it('no other path of its folder is served', async () => {
    for (const path of [
      '/docs/index.html',
      '/docs/LICENSE',
      '/docs/../docs/NOTICE',
      '/index.html',
    ]) {
      expect((await fetch(`${test.stack.url}${path}`)).status).toBe(404);
    }
  });
});
