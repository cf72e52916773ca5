import { describe, expect, it } from 'vitest';
import { typesOf } from '../../../local/client/document-types.ts';
import { typeOf } from '../../../local/client/schema-type.ts';

describe('the type of a schema', () => {
  it.each([
    [{ type: 'integer', minimum: 1 }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ enum: ['ing', 'read'] }, '"ing" | "read"'],
    [{ const: true }, 'true'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ type: 'array', items: { type: ['number', 'null'] } }, '(number | null)[]'],
    [{ type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }] }, '[number, string]'],
    [{ $ref: '#/components/schemas/Key' }, 'components["schemas"]["Key"]'],
    [
      { type: 'object', additionalProperties: { type: 'number' } },
      '{\n  [name: string]: number;\n}',
    ],
    [{}, 'unknown'],
  ])('%j is %s', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });

  it('says which fields must be there, and what they mean', () => {
    const properties = { a: { type: 'string', description: 'The */ first.' }, b: {} };
    expect(typeOf({ type: 'object', required: ['a'], properties })).toBe(
      '{\n  /** The * / first. */\n  "a": string;\n  "b"?: unknown;\n}',
    );
  });
});

it('a refusal is one line of its codes', () => {
  const schema = {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { properties: { error: { enum: ['not_found'] } } },
    ],
  };
  const refusal = { content: { 'application/problem+json': { schema } } };
  const paths = { '/things': { get: { summary: 'Things.', responses: { 404: refusal } } } };
  expect(typesOf({ paths, components: {} })).toContain('404: Refusal<"not_found">;');
});
