import type { Operation } from '../http/operation.ts';
import type { JsonObject } from './components.ts';
import { UPLOAD_HEADERS } from './components.ts';
import { exampleOf, smallestExampleOf } from './examples.ts';
import { operationIdOf } from './names.ts';
import type { SchemaBook } from './schema-book.ts';

/** What a route takes. */

export function parametersOf(operation: Operation, book: SchemaBook): JsonObject[] {
  const headers = operation.takesPayload
    ? Object.keys(UPLOAD_HEADERS).map((name) => ({ $ref: `#/components/parameters/${name}` }))
    : [];
  return [
    ...shapeParameters(operation, 'params', book),
    ...shapeParameters(operation, 'query', book),
    ...headers,
  ];
}

function shapeParameters(
  operation: Operation,
  part: 'params' | 'query',
  book: SchemaBook,
): JsonObject[] {
  const schema = operation[part];
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = book.add(schema, 'input', operationIdOf(operation));
  return Object.entries(properties as Record<string, JsonObject>).map(([name, each]) => {
    const { description, ...rest } = each;
    const isRequired = part === 'params' || (required as string[]).includes(name);
    return {
      name,
      in: part === 'params' ? 'path' : 'query',
      required: isRequired,
      ...(description === undefined ? {} : { description }),
      schema: rest,
      ...(isRequired || rest.examples !== undefined ? { example: exampleOf(rest, book) } : {}),
    };
  });
}

/** An upload as small as one can be. */
const PAYLOAD: JsonObject = {
  data: {
    metrics: [
      {
        name: 'step_count',
        units: 'count',
        data: [{ qty: 412, date: '2026-03-02 07:00:00 +0000', source: 'Watch' }],
      },
    ],
  },
};

const PAYLOAD_BODY: JsonObject = {
  required: true,
  description:
    'What Health Auto Export sends: JSON, a zip, or a form of CSV files, as it is or as gzip. The Content-Type is not held against it.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        description: 'Its sections, and what an element of each may hold, are at /schemas.',
        externalDocs: { url: '/schemas/payload' },
        properties: { data: { type: 'object' } },
      },
      example: PAYLOAD,
    },
    'application/zip': {},
    'multipart/form-data': {},
    '*/*': {},
  },
};

export function bodyOf(operation: Operation, book: SchemaBook): JsonObject | null {
  if (operation.takesPayload) return PAYLOAD_BODY;
  if (operation.json === undefined) return null;
  const schema = book.add(operation.json, 'input', operationIdOf(operation));
  const example = smallestExampleOf(schema, book);
  return { required: true, content: { 'application/json': { schema, example } } };
}
