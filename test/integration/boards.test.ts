import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Loader, startLoader } from '../../local/corpus/loader.ts';
import { FAMILIES, PREFIX } from '../../src/telemetry/families.ts';

/** Boards and alerts speak of what there is. */

const folder = join(import.meta.dirname, '../../docs/grafana');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

interface Board {
  panels: { title: string; targets: { expr?: string; rawSql?: string; format?: string }[] }[];
}
const board = (file: string): Board => JSON.parse(read(file));

const namesIn = (text: string): string[] =>
  [...text.matchAll(new RegExp(`${PREFIX}(\\w+)`, 'g'))].map(([, name = '']) => name);
const familyOf = (name: string): string =>
  name in FAMILIES ? name : name.replace(/_(bucket|count|sum)$/, '');

describe('metrics', () => {
  const spoken = [...namesIn(read('operations.json')), ...namesIn(read('alerts.yml'))];

  it('that boards and alerts name are measured', () => {
    expect(spoken.length).toBeGreaterThan(20);
    expect(spoken.map(familyOf).filter((name) => !(name in FAMILIES))).toEqual([]);
  });

  it('that are measured are on the board', () => {
    const shown = new Set(spoken.map(familyOf));
    const BUILD = 'build_info';
    expect(Object.keys(FAMILIES).filter((name) => !shown.has(name))).toEqual([BUILD]);
  });

  it('are grouped by labels that they have', () => {
    const expressions = board('operations.json').panels.flatMap(({ targets }) =>
      targets.map(({ expr = '' }) => expr),
    );
    for (const expression of expressions) {
      const labels = /by \(([^)]+)\)/.exec(expression)?.[1]?.split(', ') ?? [];
      const [name = ''] = namesIn(expression);
      const known = [...(FAMILIES[familyOf(name)]?.labels ?? []), 'le'];
      expect(labels.filter((label) => !known.includes(label))).toEqual([]);
    }
  });
});

describe('questions of the health board', () => {
  let loader: Loader;
  let person: string;
  beforeAll(async () => {
    loader = await startLoader(process.env.TEST_DATABASE_URL ?? null);
    person = await loader.newPerson();
  });
  afterAll(() => loader.stop());

  /** What Grafana makes of its macros. */
  const asSent = (sql: string): string =>
    sql
      .replaceAll('$person', person)
      .replaceAll(/\$__timeFilter\((\w+)\)/g, "$1 between '2026-01-01' and '2027-01-01'")
      .replaceAll(/\$__timeGroup\((\w+), '[^']+'\)/g, "date_trunc('hour', $1)");

  it.each(board('health.json').panels.map(({ title, targets }) => [title, targets[0]] as const))(
    '%s is one that the views can answer',
    async (_, target) => {
      const sql = asSent(target?.rawSql ?? '');
      expect(sql).not.toContain('$');
      await expect(loader.query(sql)).resolves.toEqual([]);
    },
  );
});
