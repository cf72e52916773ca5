import { afterAll, afterEach, expect, it } from 'vitest';
import { NEON_SHAPES } from '../../local/stack/neon-shapes.ts';
import type { Described } from './support/contract.ts';
import { startDescribedStack } from './support/described-stack.ts';

/** Whatever is asked while the database is away, and however it is away: 503 with the time to come back, and never 500. */

const { test, ada, document, operations, ask, valueFor } = await startDescribedStack();
afterEach(() => test.stack.database.resume());
afterAll(() => test.stack.stop());

/** A request as the document describes it, with an example for whatever has to be there. */
async function pathOf({ path, parameters }: Described): Promise<string> {
  let filled = path;
  const query = new URLSearchParams();
  for (const parameter of parameters.filter(({ required }) => required)) {
    const value = await valueFor(path, parameter);
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, value);
    if (parameter.in === 'query') query.set(parameter.name, value);
  }
  return `${filled}?${query}`;
}

function exampleOf({ operation }: Described): string | null {
  const media = operation.requestBody?.content['application/json'];
  const named = Object.values(media?.examples ?? {}).map(({ value, $ref }) =>
    $ref === undefined ? value : document.components.examples[$ref.split('/').at(-1) ?? '']?.value,
  );
  const [example] = [media?.example, ...named].filter((each) => each !== undefined);
  return media === undefined ? null : JSON.stringify(example ?? {});
}

const requests = await Promise.all(
  operations.map(async (described) => ({ described, path: await pathOf(described) })),
);
const questions: { described: Described; path: string }[] = [];
// What is below the API is answered without a database, or says how it is.
for (const each of requests.filter(({ path }) => path.startsWith('/api/'))) {
  if (each.described.method !== 'GET') continue;
  const { status } = await ask(each.described, ada, each.path);
  if (status === 200) questions.push(each);
}

it('most questions of the document are asked', () => {
  expect(questions.length).toBeGreaterThan(25);
});

/** Each shape is met by some of the questions, and each question by a dozen of the shapes. */
const PARTS = 4;

it.each(NEON_SHAPES.map(({ name }, turn) => [name, turn] as const))(
  'while Neon answers as in %s, a question is answered with 503',
  async (name, turn) => {
    test.stack.database.pause(name);
    const asked = questions.filter((_, i) => i % PARTS === turn % PARTS);
    for (const { described, path } of asked) {
      const { status, headers } = await ask(described, ada, path);
      expect([described.name, status]).toEqual([described.name, 503]);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
  },
);

it('nothing that writes is answered with a 500', async () => {
  const writes = requests.filter(({ described }) => described.method !== 'GET');
  const failed: [string, number][] = [];
  for (let turn = 0; turn < 5; turn++) {
    for (const { described, path } of writes) {
      test.stack.database.pause();
      const body = exampleOf(described);
      const init = body === null ? {} : { body, headers: { 'Content-Type': 'application/json' } };
      const { status } = await ask(described, ada, path, init);
      if (status === 500) failed.push([described.name, status]);
    }
  }
  expect(failed).toEqual([]);
});
