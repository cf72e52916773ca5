import type { Operation } from '../http/operation.ts';
import type { Json } from '../model.ts';
import { ENVELOPE_SCHEMAS, HEADERS, SECURITY_SCHEMES, UPLOAD_HEADERS } from './components.ts';
import { describeOperation } from './describe.ts';
import { tagOf, templateOf } from './names.ts';
import { PROBLEM_EXAMPLES } from './refusals.ts';
import { SchemaBook } from './schema-book.ts';

/** OpenAPI 3.1 of a table of routes, made of the schemas that validate. Pure. */

export interface OpenApiDocument {
  openapi: '3.1.1';
  info: Record<string, Json>;
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  /** By path template, then by method in lower case. */
  paths: Record<string, Record<string, Record<string, Json>>>;
  components: Record<string, Record<string, Json>>;
}

const DESCRIPTION = `The server half of Health Auto Export: uploads in, your own data out.

Every answer is \`{ success, data, correlation_id, timestamp }\`, every refusal \`application/problem+json\` with a stable
code in \`error\`. What a payload may hold is at [/schemas](/schemas).`;

/** What a group of routes is about. A group that is not listed has only its name. */
const TAGS: Readonly<Record<string, string>> = {
  sync: 'Uploads.',
  check: 'Dry runs of uploads.',
  data: "The contract of the app's own server.",
  ingestions: 'Receipts of uploads, and replays.',
  metrics: 'Metrics and their samples.',
  keys: 'Keys of an installation.',
  admin: 'What keeps an installation well.',
  server: 'The server itself: its health, its counters, its schemas.',
};

/** @param version of the release. @throws if two routes have one name, or two schemas have one id */
export function toDocument(operations: readonly Operation[], version: string): OpenApiDocument {
  const book = new SchemaBook(ENVELOPE_SCHEMAS);
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of operations) {
    const path = templateOf(operation.path);
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: describeOperation(operation, book),
    };
  }
  const tags = [...new Set(operations.map(({ path }) => tagOf(path)))];
  return {
    openapi: '3.1.1',
    info: {
      title: 'self-sensored',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: tags.map((name) => ({ name, description: TAGS[name] ?? '' })),
    paths,
    components: {
      schemas: book.components,
      examples: PROBLEM_EXAMPLES,
      parameters: UPLOAD_HEADERS,
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}
