import type { Json } from '../model.ts';
import type { JsonObject } from './components.ts';
import type { SchemaBook } from './schema-book.ts';

/** An example of every schema: the one it gives itself, or one that is put together from those of its parts. */

const BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2026-03-02',
  'date-time': '2026-03-02T07:41:00.000Z',
  email: 'ada@example.org',
  uuid: '01951f3a-9c40-7c3e-8d2b-5a6f7e8d9c0b',
  uri: 'https://example.org/',
};

export function exampleOf(schema: JsonObject, book: SchemaBook): Json {
  const plain = book.resolve(schema);
  const [given] = (plain.examples ?? []) as Json[];
  if (given !== undefined) return given;
  if (plain.const !== undefined) return plain.const;
  if (plain.default !== undefined) return plain.default;
  if (Array.isArray(plain.enum)) return plain.enum[0] ?? null;
  const [first] = (plain.anyOf ?? plain.oneOf ?? []) as JsonObject[];
  return first === undefined ? byType(plain, book) : exampleOf(first, book);
}

/** As little as a request can say: what it must, and what the schema itself gives an example of. */
export function smallestExampleOf(schema: JsonObject, book: SchemaBook): Json {
  const plain = book.resolve(schema);
  if (plain.examples !== undefined || plain.type !== 'object') return exampleOf(plain, book);
  const required = (plain.required ?? []) as string[];
  const said = Object.entries((plain.properties ?? {}) as Record<string, JsonObject>).filter(
    ([name, each]) => required.includes(name) || each.examples !== undefined,
  );
  return Object.fromEntries(said.map(([name, each]) => [name, exampleOf(each, book)]));
}

function byType(schema: JsonObject, book: SchemaBook): Json {
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return ofProperties(schema, book);
    case 'array': {
      const items = (schema.prefixItems ?? [schema.items ?? {}]) as JsonObject[];
      return items.map((each) => exampleOf(each, book));
    }
    case 'integer':
    case 'number':
      return Number(schema.minimum ?? Number(schema.exclusiveMinimum ?? -1) + 1);
    case 'boolean':
      return false;
    case 'string':
      return BY_FORMAT[String(schema.format)] ?? 'text'.padEnd(Number(schema.minLength ?? 0), '.');
    default:
      return null;
  }
}

function ofProperties({ properties, additionalProperties }: JsonObject, book: SchemaBook): Json {
  const known = Object.entries((properties ?? {}) as Record<string, JsonObject>);
  const example = Object.fromEntries(known.map(([name, each]) => [name, exampleOf(each, book)]));
  // A map of things by name, such as counts by metric.
  const isMap = known.length === 0 && typeof additionalProperties === 'object';
  return isMap ? { name: exampleOf(additionalProperties as JsonObject, book) } : example;
}
