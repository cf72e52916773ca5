/** JSON Schemas (2020-12, as the document has them) as types of TypeScript. Pure. */

export type Schema = Readonly<Record<string, unknown>>;

/** A type in the words of TypeScript, on one line or several. */
export function typeOf(schema: Schema): string {
  if (typeof schema.$ref === 'string') return referenceOf(schema.$ref);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return union(schema.enum.map((each) => JSON.stringify(each)));
  const either = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(either)) return union(either.map(typeOf));
  if (Array.isArray(schema.allOf))
    return schema.allOf.map((each) => `(${typeOf(each)})`).join(' & ');
  if (Array.isArray(schema.type)) {
    return union(schema.type.map((type) => typeOf({ ...schema, type })));
  }
  return ofType(schema);
}

function ofType(schema: Schema): string {
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return arrayOf(schema);
    case 'object':
      return objectOf(schema);
    default:
      // A part of an intersection says its properties alone.
      return schema.properties === undefined ? 'unknown' : objectOf(schema);
  }
}

/** `#/components/schemas/Receipt` */
const referenceOf = (pointer: string): string => {
  const [, , kind, name] = pointer.split('/');
  return `components[${JSON.stringify(kind)}][${JSON.stringify(name)}]`;
};

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ');

function arrayOf({ prefixItems, items }: Schema): string {
  if (Array.isArray(prefixItems)) return `[${prefixItems.map(typeOf).join(', ')}]`;
  return `(${typeOf((items ?? {}) as Schema)})[]`;
}

function objectOf({ properties, required, additionalProperties }: Schema): string {
  const names = new Set((required ?? []) as string[]);
  const lines = Object.entries((properties ?? {}) as Record<string, Schema>).map(
    ([name, each]) =>
      `${comment(each.description)}${JSON.stringify(name)}${names.has(name) ? '' : '?'}: ${typeOf(each)};`,
  );
  if (typeof additionalProperties === 'object' || lines.length === 0) {
    // Beside known properties an index has to hold for those, too.
    const others = lines.length > 0 ? {} : ((additionalProperties ?? {}) as Schema);
    lines.push(`[name: string]: ${typeOf(others)};`);
  }
  return block(lines);
}

export const block = (lines: readonly string[]): string =>
  `{\n${lines.map((line) => line.replaceAll(/^/gm, '  ')).join('\n')}\n}`;

export const comment = (text: unknown): string =>
  typeof text === 'string'
    ? `/** ${text.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')} */\n`
    : '';
