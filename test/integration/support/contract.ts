import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What the document of a running server promises, and whether an answer keeps it. */

export interface Schema {
  [keyword: string]: unknown;
}

export interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { value?: unknown; $ref?: string }>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
  example?: unknown;
}

export interface DescribedOperation {
  operationId: string;
  'x-key-kinds': string[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

export interface Document {
  paths: Record<string, Record<string, DescribedOperation>>;
  components: {
    schemas: Record<string, Schema>;
    parameters: Record<string, Parameter>;
    examples: Record<string, { value: unknown }>;
  };
}

export interface Described {
  /** `GET /api/v1/metrics` */
  name: string;
  method: string;
  path: string;
  operation: DescribedOperation;
  parameters: Parameter[];
}

export const operationsOf = ({ paths, components }: Document): Described[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([key, operation]) => {
      const method = key.toUpperCase();
      const parameters = (operation.parameters ?? []).map((each) =>
        '$ref' in each ? parameterAt(components, each.$ref) : each,
      );
      return { name: `${method} ${path}`, method, path, operation, parameters };
    }),
  );

function parameterAt({ parameters }: Document['components'], pointer: string): Parameter {
  const found = parameters[pointer.split('/').at(-1) ?? ''];
  if (found === undefined) throw new Error(`${pointer} stands for nothing.`);
  return found;
}

const DATA = new Set(['example', 'examples', 'default', 'const', 'enum']);

/** No field may come that the document does not name, unless it says that others may. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, DATA.has(key) ? value : closed(value)]),
  );
  const isOpen =
    'properties' in copy && copy.type === 'object' && !('additionalProperties' in copy);
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}

const escaped = (key: string): string =>
  encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Checks values against schemas of the document, each by where it stands there. */
export class Contract {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: Document) {
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(closed(document) as Schema, 'document');
  }

  /** @returns what is wrong, in words; nothing if all is well. @param place keys from the root of the document */
  faults(place: readonly string[], value: unknown): string[] {
    const pointer = ['document#', ...place.map(escaped)].join('/');
    const validate = (this.#ajv.getSchema(pointer) ??
      this.#ajv.compile({ $ref: pointer })) as ValidateFunction;
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** Whether an answer is one that the document names, status, media type and body. */
  async faultsOf({ path, method, operation }: Described, response: Response): Promise<string[]> {
    const text = await response.text();
    const status = String(response.status);
    const described = operation.responses[status];
    if (described === undefined)
      return [`The document has no status ${status}: ${text.slice(0, 300)}`];
    if (described.content === undefined) return [];
    const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const media = described.content[type];
    if (media === undefined) return [`The document has no ${type} for ${status}.`];
    if (!/[/+]json$/.test(type)) return [];
    const responses = ['paths', path, method.toLowerCase(), 'responses'];
    return this.faults([...responses, status, 'content', type, 'schema'], JSON.parse(text));
  }
}
