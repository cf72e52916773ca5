import { block, comment, type Schema, typeOf } from './schema-type.ts';

/** An OpenAPI document as the types that openapi-fetch infers calls from. Pure. */

/** As much of a document as its types need. */
export interface TypedDocument {
  paths: Record<string, Record<string, Schema>>;
  components: Record<string, Record<string, Schema>>;
}

const HEAD = `// Written by \`npm run client\` from /openapi.json: do not edit.

interface Answer<Content> {
  headers: { [name: string]: unknown };
  content: Content;
}

type Refusal<Code> = Answer<{
  "application/problem+json": components["schemas"]["Problem"] & { error: Code };
}>;
`;

export function typesOf(document: TypedDocument): string {
  const paths = Object.entries(document.paths).map(
    ([path, operations]) =>
      `${JSON.stringify(path)}: ${block(
        Object.entries(operations).map(
          ([method, operation]) =>
            `${comment(operation.summary)}${method}: ${operationOf(operation, document)};`,
        ),
      )};`,
  );
  const schemas = Object.entries(document.components.schemas ?? {}).map(
    ([name, schema]) => `${comment(schema.description)}${JSON.stringify(name)}: ${typeOf(schema)};`,
  );
  return [
    HEAD,
    `export interface paths ${block(paths)}\n`,
    `export interface components ${block([`schemas: ${block(schemas)};`])}\n`,
  ].join('\n');
}

function operationOf(operation: Schema, document: TypedDocument): string {
  const lines = [`parameters: ${parametersOf(operation, document)};`];
  const body = operation.requestBody as Schema | undefined;
  if (body !== undefined) lines.push(`requestBody: ${block([`content: ${contentOf(body)};`])};`);
  const responses = Object.entries(operation.responses as Record<string, Schema>).map(
    ([status, response]) => `${status}: ${responseOf(response)};`,
  );
  return block([...lines, `responses: ${block(responses)};`]);
}

const PLACES = ['path', 'query', 'header'] as const;

function parametersOf(operation: Schema, { components }: TypedDocument): string {
  const parameters = ((operation.parameters ?? []) as Schema[]).map((each) => {
    const name =
      String(each.$ref ?? '')
        .split('/')
        .at(-1) ?? '';
    return components.parameters?.[name] ?? each;
  });
  const places = PLACES.map((place) => {
    const here = parameters.filter((each) => each.in === place);
    if (here.length === 0) return `${place}?: never;`;
    const isRequired = here.some((each) => each.required === true);
    const lines = here.map(
      (each) =>
        `${comment(each.description)}${JSON.stringify(each.name)}${each.required === true ? '' : '?'}: ${typeOf(each.schema as Schema)};`,
    );
    return `${place}${isRequired ? '' : '?'}: ${block(lines)};`;
  });
  return block([...places, 'cookie?: never;']);
}

/** Refusals fill most of a document: in the types each is a line. */
function responseOf(response: Schema): string {
  const content = Object.entries((response.content ?? {}) as Record<string, { schema: Schema }>);
  const [[type, { schema }] = ['', { schema: {} }], ...others] = content;
  const isRefusal = type === 'application/problem+json' && others.length === 0;
  return isRefusal ? `Refusal<${codesOf(schema)}>` : `Answer<${contentOf(response)}>`;
}

function codesOf({ allOf }: Schema): string {
  const parts = (allOf ?? []) as { properties?: { error?: Schema } }[];
  return typeOf(parts.find(({ properties }) => properties !== undefined)?.properties?.error ?? {});
}

function contentOf({ content }: Schema): string {
  if (content === undefined) return 'never';
  const types = Object.entries(content as Record<string, Schema>).map(
    ([type, media]) => `${JSON.stringify(type)}: ${typeOf((media.schema ?? {}) as Schema)};`,
  );
  return block(types);
}
