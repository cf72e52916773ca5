import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may import whom, type imports included. What stands right may be imported by what stands left. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  log: [],
  version: [],
  limits: [],
  csv: [],
  hex: [],
  'person-address': [],
  nearest: [],
  codes: ['model', 'limits'],
  env: [],
  catalog: ['model', 'codes'],
  drizzle: ['model'],
  files: ['model', 'limits', 'codes', 'catalog'],
  hae: ['model', 'codes', 'catalog'],
  sqlstate: [],
  database: ['env', 'sqlstate'],
  redis: ['env'],
  store: ['model', 'codes', 'catalog', 'drizzle', 'database'],
  read: ['model', 'codes', 'catalog', 'drizzle', 'database'],
  export: ['model', 'hex', 'codes', 'csv', 'log', 'database', 'store', 'read'],
  erase: ['model', 'codes', 'log', 'database', 'redis', 'keys', 'store'],
  keys: ['model', 'hex', 'codes', 'env', 'redis', 'database', 'store'],
  ingest: ['model', 'hex', 'codes', 'env', 'log', 'database', 'files', 'hae', 'store'],
  maintenance: [
    'model',
    'log',
    'database',
    'redis',
    'hae',
    'files',
    'keys',
    'store',
    'ingest',
    'export',
    'erase',
    'telemetry',
  ],
  telemetry: ['model', 'hex', 'catalog', 'env', 'database', 'redis'],
  http: [
    'model',
    'nearest',
    'hex',
    'codes',
    'csv',
    'telemetry',
    'env',
    'log',
    'database',
    'redis',
    'keys',
    'store',
  ],
  openapi: ['model', 'codes', 'http'],
  routes: [
    'model',
    'person-address',
    'nearest',
    'catalog',
    'database',
    'redis',
    'files',
    'hae',
    'store',
    'read',
    'keys',
    'ingest',
    'export',
    'erase',
    'maintenance',
    'telemetry',
    'version',
    'http',
    'openapi',
  ],
  api: ['http', 'routes'],
  consumer: ['database', 'redis', 'env', 'ingest', 'maintenance', 'telemetry'],
};

/** Things outside, and the one file that may name each. */
const NAMED_ONCE: Record<string, string> = {
  '@neondatabase/serverless': 'src/database.ts',
  '@upstash/redis': 'src/redis.ts',
  '@upstash/ratelimit': 'src/keys/usage.ts',
  '@hono/zod-validator': 'src/http/validation.ts',
  'hash-wasm': 'src/keys/argon2.ts',
  'ipaddr.js': 'src/http/network.ts',
};

const root = join(import.meta.dirname, '../..');
const files = globSync(['src/**/*.ts', 'drizzle/**/*.ts'], { cwd: root });
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

function importsOf(file: string): string[] {
  const found = textOf(file).matchAll(/^\s*(?:import|export)[^;]*?from '([^']+)'/gm);
  return [...found].map(([, name = '']) => name);
}

/** `src/http/auth.ts` is part of `http`, `src/log.ts` is `log`, `drizzle/people.ts` is `drizzle`. */
const partOf = (file: string): string =>
  (file.startsWith('src/') ? file.slice(4) : file).replace(/\.ts$/, '').split('/')[0] ?? '';

const localImports = (file: string): string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.') && name.endsWith('.ts'))
    .map((name) => normalize(join(dirname(file), name)));

describe('dependencies', () => {
  it('point downwards only', () => {
    const wrong = files.flatMap((file) =>
      localImports(file)
        .filter((target) => partOf(target) !== partOf(file))
        .filter((target) => !MAY_IMPORT[partOf(file)]?.includes(partOf(target)))
        .map((target) => `${file} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('have no cycles', () => {
    const finished = new Set<string>();
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) throw new Error([...path, file].join(' → '));
      if (finished.has(file)) return;
      for (const target of localImports(file)) visit(target, [...path, file]);
      finished.add(file);
    };
    for (const file of files) visit(file, []);
    expect(finished.size).toBe(files.length);
  });

  it.each(Object.entries(NAMED_ONCE))('%s is named in %s alone', (name, owner) => {
    const users = files.filter((file) =>
      importsOf(file).some((each) => each === name || each.startsWith(`${name}/`)),
    );
    expect(users).toEqual([owner]);
  });
});

describe('budgets', () => {
  const isData = (file: string) => file.startsWith('src/catalog/');
  const lengths = files
    .filter((file) => !isData(file))
    .map((file) => textOf(file).split('\n').length);
  const sorted = lengths.toSorted((a, b) => a - b);
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))];

  it('files are short: 80 lines in the median, 220 for nine of ten, 400 at most', () => {
    expect(quantile(0.5)).toBeLessThanOrEqual(80);
    expect(quantile(0.9)).toBeLessThanOrEqual(220);
    expect(quantile(1)).toBeLessThanOrEqual(400);
  });
});
