import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** SECURITY.md says what is bounded and by how much: each number is that of the code. */

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const sources = [
  ...globSync('src/**/*.ts', { cwd: root }),
  ...globSync('migrations/*.sql', { cwd: root }),
  'wrangler.toml',
].map(read);

/** `NAME = 2 * 1024`, `NAME = "5"`, `name constant integer := 36`, or a rate limit of wrangler.toml. */
function valuesOf(name: string): number[] {
  const assigned = new RegExp(`\\b${name}(?: constant integer :| ?)= ?"?([\\d_ *]+)`, 'g');
  const limited = new RegExp(`name = "${name}"[^[]*limit = (\\d+)`, 'g');
  const found = sources.flatMap((text) => [...text.matchAll(assigned), ...text.matchAll(limited)]);
  return found.map(([, value = '']) =>
    value
      .replaceAll('_', '')
      .split('*')
      .reduce((product, factor) => product * Number(factor), 1),
  );
}

const shown = (value: number): string[] => [
  value.toLocaleString('en'),
  `${(value / 1024).toLocaleString('en')} kB`,
  `${(value / 1024 ** 2).toLocaleString('en')} MB`,
];

const [, section = ''] = read('SECURITY.md').split('## What one key can cost');
const rows = (section.split('\n## ')[0] ?? '')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells[3]?.includes('`'))
  .map(([, what = '', much = '', name = '']) => ({
    what,
    much,
    name: /`(\w+)`/.exec(name)?.[1] ?? '',
  }));

it('there are limits', () => {
  expect(rows.length).toBeGreaterThan(30);
});

it.each(rows.filter(({ name }) => name !== 'begin_dry_run'))(
  '$what: $name is what SECURITY.md says',
  ({ much, name }) => {
    const values = valuesOf(name);
    expect(values.length, `${name} is in the code`).toBeGreaterThan(0);
    const fitting = values.filter((value) =>
      shown(value).some((text) => new RegExp(`(^|[^\\d,])${text}(?!\\d|,\\d)`).test(much)),
    );
    expect(fitting, `${name} is ${values.join(' or ')}`).not.toEqual([]);
  },
);
