import { z } from 'zod';
import type { JsonObject } from './components.ts';

/** Turns zod's schemas into those of the document, and keeps what has a name for `components.schemas`. */
export class SchemaBook {
  readonly #named: JsonObject;

  constructor(named: JsonObject) {
    this.#named = { ...named };
  }

  /**
   * @param io `input`: what a client sends, `output`: what it gets
   * @param prefix of schemas that refer to themselves and have no name
   * @throws if two schemas have one id
   */
  add(schema: z.ZodType, io: 'input' | 'output', prefix: string): JsonObject {
    // Inside of something, so that the schema itself becomes a reference, too, if it has an id.
    const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), {
      io,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => tidy(jsonSchema),
    }) as unknown as { properties: { it: JsonObject }; $defs?: JsonObject };
    const nameOf = (id: string): string => {
      const name = id.startsWith('__') ? `${prefix}${id.replace(/^_+/, '-')}` : id;
      return io === 'input' ? `${name}Input` : name;
    };
    for (const [id, definition] of Object.entries($defs)) {
      const { id: _, ...described } = renamed(definition as JsonObject, nameOf);
      this.#keep(nameOf(id), described);
    }
    return renamed(properties.it, nameOf);
  }

  #keep(name: string, schema: JsonObject): void {
    const known = this.#named[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas have the id ${name}.`);
    }
    this.#named[name] = schema;
  }

  /** What a reference stands for; any other schema is itself. */
  resolve(schema: JsonObject): JsonObject {
    const [, name] = /^#\/components\/schemas\/(.+)$/.exec(String(schema.$ref)) ?? [];
    return name === undefined ? schema : ((this.#named[name] ?? {}) as JsonObject);
  }

  get components(): JsonObject {
    return this.#named;
  }
}

/** Formats that say it all: zod's patterns for them fill lines and tell a reader nothing. */
const PLAIN_FORMATS = new Set(['date', 'date-time', 'email', 'uuid']);

function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  // A release may add fields to an answer; and what is not known of a body is passed over.
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  if (PLAIN_FORMATS.has(String(schema.format))) delete schema.pattern;
  if ('example' in schema) {
    schema.examples ??= [schema.example];
    delete schema.example;
  }
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

/** The schema with its references as the document has them. */
function renamed(schema: JsonObject, nameOf: (id: string) => string): JsonObject {
  const text = JSON.stringify(schema, (key, value) => {
    if (key !== '$ref') return value;
    const [, id = ''] = /^#\/\$defs\/(.+)$/.exec(String(value)) ?? [];
    return `#/components/schemas/${nameOf(id)}`;
  });
  return JSON.parse(text) as JsonObject;
}
