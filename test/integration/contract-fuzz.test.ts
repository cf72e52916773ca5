import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { arbitraryOf } from './support/arbitrary.ts';
import type { Described, Parameter, Schema } from './support/contract.ts';
import { startDescribedStack } from './support/described-stack.ts';

/**
 * Whatever is asked, within what the document allows and a little beyond: the server does not fail, and its answer is
 * one of those that the document names. `FC_SEED` repeats a run; a failure prints its seed, and the smallest request.
 */

const REQUESTS = 30;
const seed =
  process.env.FC_SEED === undefined ? Date.now() & 0x7fffffff : Number(process.env.FC_SEED);

const { test, ada, document, operations, contract, ask, valueFor } = await startDescribedStack();
afterAll(() => test.stack.stop());

const resolve = (pointer: string): Schema =>
  document.components.schemas[pointer.split('/').at(-1) ?? ''] ?? {};

/** What people and programs get wrong. */
const ODD = [
  '',
  '0',
  '-1',
  '1.5',
  '1e9',
  'null',
  'undefined',
  'x',
  '💥',
  '2026-02-30',
  '%00',
  "';--",
  '\u0000',
  'a'.repeat(3000),
];
const odd = fc.constantFrom(...ODD);

/** Whose ids no list tells, or whose answer takes a job to be made. */
const UNLISTED = new Set(['/api/v1/erasures/{id}', '/api/v1/exports/{id}/download']);

interface Asked {
  path: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string | null;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function parametersIn(
  described: Described,
  place: Parameter['in'],
): fc.Arbitrary<Record<string, string>> {
  const here = described.parameters.filter((each) => each.in === place);
  const model = here.map(({ name, schema }) => {
    const valid = arbitraryOf(schema, resolve).map(textOf);
    return [
      name,
      fc.oneof({ weight: 4, arbitrary: valid }, { weight: 1, arbitrary: odd }),
    ] as const;
  });
  const requiredKeys = here.filter(({ required }) => required).map(({ name }) => name);
  return fc.record(Object.fromEntries(model), { requiredKeys }) as fc.Arbitrary<
    Record<string, string>
  >;
}

/** A segment that is empty or dots would be another path. */
const isSegment = (text: string): boolean => !/^\.*$/.test(text) && text.isWellFormed();

/** What a header may hold at all. */
const isHeader = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

function bodyFor({ operation }: Described): fc.Arbitrary<string | null> {
  const media = operation.requestBody?.content['application/json'];
  if (media?.schema === undefined) return fc.constant(null);
  const valid = arbitraryOf(media.schema, resolve);
  const spoilt = fc.tuple(valid, fc.jsonValue({ maxDepth: 1 }), fc.nat()).map(spoil);
  return fc.oneof(
    { weight: 4, arbitrary: valid.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.constant(JSON.stringify(media.example ?? {})) },
    { weight: 2, arbitrary: spoilt },
    { weight: 1, arbitrary: fc.constantFrom('', '{', 'null', '[]', '"text"', '{"data":') },
  );
}

/** One field of it becomes something else. */
function spoil([value, other, place]: [unknown, unknown, number]): string {
  const fields = Object.keys(value as object);
  const field = fields[place % Math.max(1, fields.length)] ?? 'data';
  return JSON.stringify({ ...(value as object), [field]: other });
}

const requestsTo = (described: Described, plain: Asked): fc.Arbitrary<Asked> =>
  fc.record({
    path: fc.oneof(
      parametersIn(described, 'path').filter((path) => Object.values(path).every(isSegment)),
      fc.constant(plain.path),
    ),
    query: parametersIn(described, 'query'),
    headers: parametersIn(described, 'header').filter((each) =>
      Object.values(each).every(isHeader),
    ),
    body: bodyFor(described),
  });

function urlOf({ path }: Described, asked: Asked): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(asked.path[name] ?? ''),
  );
  return `${filled}?${new URLSearchParams(asked.query)}`;
}

/** What a client would ask that has read the example. What it would delete does not exist. */
async function plainRequest({ path, method, parameters, operation }: Described): Promise<Asked> {
  const required = parameters.filter((each) => each.required);
  const filled = (place: Parameter['in'], give: (each: Parameter) => string | Promise<string>) =>
    Promise.all(
      required
        .filter((each) => each.in === place)
        .map(async (each) => [each.name, await give(each)] as const),
    ).then(Object.fromEntries<string>);
  const example = ({ example }: Parameter) => textOf(example);
  const media = operation.requestBody?.content['application/json'];
  return {
    path: await filled('path', (each) =>
      method === 'DELETE' ? example(each) : valueFor(path, each),
    ),
    query: await filled('query', example),
    headers: {},
    body: media === undefined ? null : JSON.stringify(media.example),
  };
}

/** A failure of ours, and not the app's own way to say that nothing of an upload could be stored. */
const isFailure = (response: Response): boolean =>
  response.status >= 500 &&
  response.headers.get('content-type')?.startsWith('application/problem+json') === true;

describe(`with the seed ${seed}`, () => {
  it.each(operations.map((each) => [each.name, each] as const))('%s', async (_, described) => {
    // Whoever can be deleted is somebody of whom nothing else is asked.
    const person = described.method === 'DELETE' ? await test.newPerson() : ada;
    const plain = await plainRequest(described);
    const statuses = new Set<number>();
    const property = fc.asyncProperty(requestsTo(described, plain), async (asked) => {
      const headers = {
        // An address of its own: what is open to all is limited by address.
        'CF-Connecting-IP': `10.0.0.${operations.indexOf(described)}`,
        ...asked.headers,
        ...(asked.body === null ? {} : { 'Content-Type': 'application/json' }),
      };
      const init = { headers, ...(asked.body === null ? {} : { body: asked.body }) };
      const response = await ask(described, person, urlOf(described, asked), init);
      statuses.add(response.status);
      expect(isFailure(response), `it failed: ${response.status}`).toBe(false);
      expect(await contract.faultsOf(described, response)).toEqual([]);
    });
    await fc.assert(property, { seed, numRuns: REQUESTS, examples: [[plain]] });
    // Else nothing would have come past the validation.
    if (described.method === 'GET' && !UNLISTED.has(described.path)) {
      expect(Math.min(...statuses)).toBeLessThan(300);
    }
  });
});
