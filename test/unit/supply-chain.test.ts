import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** What can be known of our dependencies without asking a registry. */

interface LockEntry {
  version: string;
  integrity?: string;
  license?: string;
  hasInstallScript?: true;
  dependencies?: Record<string, string>;
}

const root = join(import.meta.dirname, '../..');
const readJson = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const manifest = readJson('package.json') as Record<string, Record<string, string | boolean>>;
const { '': _, ...locked } = readJson('package-lock.json').packages as Record<string, LockEntry>;

const FOLDER = 'node_modules/';
const nameOf = (place: string): string => place.slice(place.lastIndexOf(FOLDER) + FOLDER.length);

/** Where Node finds a package that another one asks for. */
function placeOf(name: string, from: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf(FOLDER) - 1))) {
    const place = `${folder === '' ? '' : `${folder}/`}${FOLDER}${name}`;
    if (place in locked) return place;
    if (folder === '') throw new Error(`${name} of ${from} is not in the lock file`);
  }
}

/** Everything that the Workers may be bundled of. */
function reachable(): Set<string> {
  const found = new Set<string>();
  const visit = (names: readonly string[], from: string): void => {
    for (const place of names.map((name) => placeOf(name, from))) {
      if (found.has(place)) continue;
      found.add(place);
      visit(Object.keys(locked[place]?.dependencies ?? {}), place);
    }
  };
  visit(Object.keys(manifest.dependencies ?? {}), '');
  return found;
}

it('every package of the lock file has its hash', () => {
  const without = Object.entries(locked).filter(
    ([, { integrity }]) => !integrity?.startsWith('sha512-'),
  );
  expect(without.map(([place]) => place)).toEqual([]);
});

it('every dependency has one exact version', () => {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const [name, version] of Object.entries(wanted)) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    expect(locked[`${FOLDER}${name}`]?.version, name).toBe(version);
  }
});

it('three packages run a script when they are installed; any other that wants to stops the install', () => {
  const { allowScripts = {} } = manifest;
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name] === true);
  expect(allowed.toSorted()).toEqual(['esbuild', 'node', 'workerd']);
  expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^strict-allow-scripts=true$/m);
  const wanting = Object.entries(locked).filter(([, { hasInstallScript }]) => hasInstallScript);
  const undecided = wanting.filter(([place]) => !(nameOf(place) in allowScripts));
  expect(undecided.map(([place]) => place)).toEqual([]);
});

/** Licences that ask for nothing but to be named. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

it('what the Workers may be bundled of has a permissive licence', () => {
  const places = [...reachable()];
  expect(places.length).toBeGreaterThan(15);
  const others = places
    .map((place) => [nameOf(place), locked[place]?.license ?? 'none'] as const)
    .filter(([, license]) => !PERMISSIVE.includes(license));
  expect(others).toEqual([]);
});
