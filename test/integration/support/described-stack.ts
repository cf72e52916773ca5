import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyKind } from '../../../src/model.ts';
import {
  Contract,
  type Described,
  type Document,
  operationsOf,
  type Parameter,
} from './contract.ts';
import { type Person, startTestStack, type TestStack } from './stack.ts';

/** A running server with something of everything in it, and what it says of itself. */
export interface DescribedStack {
  test: TestStack;
  ada: Person;
  document: Document;
  operations: Described[];
  contract: Contract;
  /** Asks with a key that may. */
  ask: Ask;
  /** For `{id}` in a path: an id of the list above it, or what the schema gives as an example, or any. */
  valueFor(path: string, parameter: Parameter): Promise<string>;
}

type Ask = (
  described: Described,
  person: Person,
  path: string,
  init?: RequestInit,
) => Promise<Response>;

const EXAMPLE = join(import.meta.dirname, '../../../examples/health-auto-export.json');
/** Of the kinds that may ask, the first is the one that sees most. */
const KINDS: readonly KeyKind[] = ['read', 'ing', 'admin'];

export async function startDescribedStack(): Promise<DescribedStack> {
  const test = await startTestStack();
  const ada = await test.newPerson();
  await test.upload(ada, readFileSync(EXAMPLE));
  await test.call('/api/v1/admin/replay', ada.keys.admin, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"from":"2026-01-01T00:00:00Z","to":"2040-01-01T00:00:00Z"}',
  });
  const document = (await (await fetch(`${test.stack.url}/openapi.json`)).json()) as Document;
  const operations = operationsOf(document);
  const ask = asker(test.stack.url);

  const firstOf = async (path: string, field: string): Promise<unknown> => {
    const list = operations.find((each) => each.name === `GET ${path}`);
    if (list === undefined) return undefined;
    const { data } = (await (await ask(list, ada, path)).json()) as { data?: unknown };
    return Array.isArray(data) ? data[0]?.[field] : undefined;
  };
  return {
    test,
    ada,
    document,
    operations,
    contract: new Contract(document),
    ask,
    valueFor: async (path, { name, schema, example }) => {
      const [given] = (schema.examples ?? []) as unknown[];
      const above = path.split(`/{${name}}`)[0] ?? '';
      return String((await firstOf(above, name)) ?? given ?? example);
    },
  };
}

const asker =
  (url: string): Ask =>
  ({ method, operation }, { keys }, path, init = {}) => {
    const kind = KINDS.find((each) => operation['x-key-kinds'].includes(each));
    const key = kind === undefined ? {} : { Authorization: `Bearer ${keys[kind]}` };
    const headers = { ...key, ...(init.headers as Record<string, string>) };
    return fetch(`${url}${path}`, { method, ...init, headers });
  };
