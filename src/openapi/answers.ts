import type { z } from 'zod';
import { CONTENT_TYPES, type Format } from '../http/format.ts';
import type { Operation } from '../http/operation.ts';
import type { Json } from '../model.ts';
import type { JsonObject } from './components.ts';
import { exampleOf } from './examples.ts';
import { operationIdOf } from './names.ts';
import type { SchemaBook } from './schema-book.ts';

/** What a route answers with when all goes well, form by form. */

/** Media types of the answer, each with its schema and an example. */
export function answerContent(operation: Operation, book: SchemaBook): JsonObject {
  const { answer, bare, documents, formats = ['json'] } = operation;
  if (documents !== undefined) return documentContent(operation, documents, book);
  const data = answer === undefined ? {} : book.add(answer, 'output', operationIdOf(operation));
  if (bare !== undefined) {
    const isJson = /[/+]json$/.test(bare);
    const schema = isJson ? data : { type: 'string', ...data };
    return { [bare]: { schema, example: exampleOf(schema, book) } };
  }
  const envelope = enveloped(operation, data);
  const json = { schema: envelope, example: exampleOf(envelope, book) };
  return Object.fromEntries(
    formats.map((format) => [CONTENT_TYPES[format], format === 'json' ? json : ROWS[format]]),
  );
}

function documentContent(
  operation: Operation,
  documents: Readonly<Record<string, z.ZodType>>,
  book: SchemaBook,
): JsonObject {
  const entries = Object.entries(documents).map(([type, answer]) => {
    const schema = book.add(answer, 'output', operationIdOf(operation));
    return [type, { schema, example: exampleOf(schema, book) }];
  });
  return Object.fromEntries(entries);
}

/** OpenAPI 3.1 has no schema for a sequence of rows: the words have to do. */
const ROWS: Readonly<Record<Exclude<Format, 'json'>, Json>> = {
  ndjson: { schema: { type: 'string', description: 'An element of `data` a line, as JSON.' } },
  csv: { schema: { type: 'string', description: 'An element of `data` a line, below its names.' } },
};

function enveloped({ query }: Operation, data: JsonObject): JsonObject {
  const pagination = paginationOf(Object.keys(query?.shape ?? {}));
  return {
    type: 'object',
    required: ['success', 'data', 'correlation_id', 'timestamp', ...Object.keys(pagination)],
    properties: {
      success: { type: 'boolean', const: true },
      data,
      message: { type: 'string', description: 'In words.', examples: ['As asked.'] },
      ...pagination,
      correlation_id: { $ref: '#/components/schemas/CorrelationId' },
      timestamp: { $ref: '#/components/schemas/Timestamp' },
    },
  };
}

/** A list says by its parameters how it pages. */
function paginationOf(parameters: readonly string[]): JsonObject {
  const schema = parameters.includes('cursor')
    ? 'CursorPagination'
    : parameters.includes('per_page')
      ? 'NumberedPagination'
      : null;
  return schema === null ? {} : { pagination: { $ref: `#/components/schemas/${schema}` } };
}
