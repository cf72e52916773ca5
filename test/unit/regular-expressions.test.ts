import { globSync, readFileSync } from 'node:fs';
import { checkSync } from 'recheck';
import { afterEach, expect, it, vi } from 'vitest';
import { parseAst } from 'vitest/node';

/**
 * Texts come from strangers, and a single one that makes an expression go back over it again and again holds the
 * isolate of everybody. So each regular expression of `src` takes time in proportion to its text: `recheck` proves it by
 * its automaton, or, where it looks ahead, by trying ever worse texts.
 */

// Its programs for single platforms are faster, and not there on all of them.
vi.stubEnv('RECHECK_SYNC_BACKEND', 'pure');
afterEach(() => vi.unstubAllGlobals());

const TIMEOUT_MS = 30_000;

interface Expression {
  source: string;
  flags: string;
}

/** Every node of a syntax tree. */
function* nodesOf(node: unknown): Generator<Record<string, unknown>> {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) yield node as Record<string, unknown>;
  for (const child of Object.values(node)) yield* nodesOf(child);
}

const files = globSync('src/**/*.ts').map((path) => ({
  path,
  nodes: [...nodesOf(parseAst(readFileSync(path, 'utf8'), { lang: 'ts' }, path))],
}));

const literalsIn = (nodes: readonly Record<string, unknown>[]): Expression[] =>
  nodes.flatMap(({ type, regex }) => {
    if (type !== 'Literal' || typeof regex !== 'object' || regex === null) return [];
    const { pattern, flags } = regex as { pattern: string; flags: string };
    return [{ source: pattern, flags }];
  });

const isMade = ({ type, callee }: Record<string, unknown>): boolean =>
  ['NewExpression', 'CallExpression'].includes(String(type)) && Object(callee).name === 'RegExp';

/** Those that are put together of parts tell what they are when their file is loaded. */
async function madeIn(path: string): Promise<Expression[]> {
  await import(`../../${path}`);
  vi.resetModules();
  const made: Expression[] = [];
  const record = (args: ConstructorParameters<typeof RegExp>): RegExp => {
    const expression = Reflect.construct(RegExp_, args);
    made.push(expression);
    return expression;
  };
  const RegExp_ = globalThis.RegExp;
  vi.stubGlobal(
    'RegExp',
    new Proxy(RegExp_, {
      construct: (_, args) => record(args as ConstructorParameters<typeof RegExp>),
      apply: (_, __, args) => record(args as ConstructorParameters<typeof RegExp>),
    }),
  );
  await import(`../../${path}`);
  return made;
}

it.each(files.filter(({ nodes }) => literalsIn(nodes).length > 0))(
  'each expression of $path takes time in proportion to its text',
  ({ nodes }) => {
    for (const { source, flags } of literalsIn(nodes)) {
      expect({ source, ...resultOf({ source, flags }) }).toEqual({ source, status: 'safe' });
    }
  },
);

it.each(files.filter(({ nodes }) => nodes.some(isMade)))(
  'each expression that $path puts together takes time in proportion to its text',
  async ({ path, nodes }) => {
    const made = await madeIn(path);
    expect(made.length).toBeGreaterThanOrEqual(nodes.filter(isMade).length);
    for (const { source, flags } of made) {
      expect({ source, ...resultOf({ source, flags }) }).toEqual({ source, status: 'safe' });
    }
  },
);

/** With the text that it takes too long for, if there is one. */
function resultOf({ source, flags }: Expression) {
  const result = checkSync(source, flags, { timeout: TIMEOUT_MS });
  return result.status === 'vulnerable'
    ? { status: result.status, attack: result.attack.pattern }
    : { status: result.status };
}

it.each([
  ['any place to begin at', /([^/]+)-(\p{L}[^-/]*)-(\d{8})_(\d{6})\.\w+$/u],
  ['two ways to read blanks', /^(.*?)(?:\s*\[(.+)\])?$/],
  ['two ways to read digits', /^\d+\.?\d*$/],
  ['a group in a group', /^(a+)+$/],
])('an expression with %s would be found', (_, { source, flags }) => {
  expect(resultOf({ source, flags })).toEqual({
    status: 'vulnerable',
    attack: expect.stringContaining('repeat'),
  });
});
