import fc from 'fast-check';
import type { Schema } from './contract.ts';

/** Values that a JSON Schema allows, as fast-check makes them. Knows the keywords that zod writes. */

/** @param resolve what a reference stands for */
export function arbitraryOf(
  schema: Schema,
  resolve: (pointer: string) => Schema,
): fc.Arbitrary<unknown> {
  const inner = (each: Schema) => arbitraryOf(each, resolve);
  if (typeof schema.$ref === 'string') return inner(resolve(schema.$ref));
  const made = byKeyword(schema, inner);
  // What an example has may well exist, what chance gives hardly.
  return Array.isArray(schema.examples)
    ? fc.oneof(made, fc.constantFrom(...schema.examples))
    : made;
}

type Inner = (schema: Schema) => fc.Arbitrary<unknown>;

function byKeyword(schema: Schema, inner: Inner): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(either)) return fc.oneof(...either.map(inner));
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type) => inner({ ...schema, type, examples: undefined })));
  }
  switch (schema.type) {
    case 'string':
      return stringOf(schema);
    case 'integer':
      return fc.integer(rangeOf(schema, 1));
    case 'number':
      return fc.double({ ...rangeOf(schema, 0), noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return arrayOf(schema, inner);
    case 'object':
      return objectOf(schema, inner);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

const SPAN = { min: new Date('1990-01-01'), max: new Date('2035-01-01'), noInvalidDate: true };
const instant = fc.date(SPAN).map((date) => date.toISOString());

const BY_FORMAT: Readonly<Record<string, fc.Arbitrary<string>>> = {
  date: instant.map((text) => text.slice(0, 10)),
  'date-time': instant,
  email: fc.emailAddress(),
  uuid: fc.uuid(),
  uri: fc.webUrl(),
};

/** No route takes more, and none should be asked with megabytes by chance. */
const LONGEST = 300;

function stringOf({ format, pattern, minLength, maxLength }: Schema): fc.Arbitrary<string> {
  const known = BY_FORMAT[String(format)];
  if (known !== undefined) return known;
  const length = {
    minLength: Number(minLength ?? 0),
    maxLength: Math.min(Number(maxLength ?? LONGEST), LONGEST),
  };
  const text = fc
    .string({ unit: 'grapheme', ...length })
    .filter((each) => each.length <= length.maxLength);
  if (pattern === undefined) return text;
  const shape = new RegExp(String(pattern), 'u');
  return stringMatching(shape) ?? text.filter((each) => shape.test(each));
}

/** fast-check does not know every construct of a pattern. */
function stringMatching(shape: RegExp): fc.Arbitrary<string> | null {
  try {
    return fc.stringMatching(shape);
  } catch {
    return null;
  }
}

const FAR = 2 ** 31;

function rangeOf(schema: Schema, step: number): { min: number; max: number } {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  return {
    min: Number(
      minimum ?? (exclusiveMinimum === undefined ? -FAR : Number(exclusiveMinimum) + step),
    ),
    max: Number(
      maximum ?? (exclusiveMaximum === undefined ? FAR : Number(exclusiveMaximum) - step),
    ),
  };
}

function arrayOf(
  { items, prefixItems, minItems, maxItems }: Schema,
  inner: Inner,
): fc.Arbitrary<unknown> {
  if (Array.isArray(prefixItems)) return fc.tuple(...prefixItems.map(inner));
  const minLength = Number(minItems ?? 0);
  const maxLength = Math.max(minLength, Math.min(Number(maxItems ?? 5), 5));
  return fc.array(inner((items ?? {}) as Schema), { minLength, maxLength });
}

function objectOf(schema: Schema, inner: Inner): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  if (properties.length === 0 && typeof schema.additionalProperties === 'object') {
    const names = inner((schema.propertyNames ?? { type: 'string', maxLength: 40 }) as Schema);
    const values = inner(schema.additionalProperties as Schema);
    return fc.dictionary(names as fc.Arbitrary<string>, values, { maxKeys: 5 });
  }
  const model = Object.fromEntries(properties.map(([name, each]) => [name, inner(each)]));
  return fc.record(model, { requiredKeys: (schema.required ?? []) as string[] });
}
