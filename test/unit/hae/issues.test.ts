import { expect, it } from 'vitest';
import { Issues } from '../../../src/hae/issues.ts';

const name = (issues: Issues, times: number, metric = 'step_count', from = 0) => {
  for (let i = 0; i < times; i++) issues.name(metric, () => `/${from + i}`, 'date_missing');
};
const pointers = (issues: Issues) => issues.finish().issues.map(({ pointer }) => pointer);

it('the first twenty of a metric and code are kept, and all are counted', () => {
  const issues = new Issues(null);
  name(issues, 200_000);
  issues.name('heart_rate', () => '/other', 'date_missing');
  issues.name('step_count', () => '/code', 'invalid_date');
  const { issues: kept, issueCounts } = issues.finish();
  expect(kept).toHaveLength(22);
  expect(kept.slice(19).map(({ pointer }) => pointer)).toEqual(['/19', '/other', '/code']);
  expect(Object.fromEntries(issueCounts)).toEqual({ date_missing: 200_001, invalid_date: 1 });
});

it('a thousand are kept, of however many metrics', () => {
  const issues = new Issues(null);
  for (let metric = 0; metric < 500; metric++) name(issues, 3, `name_${metric}`);
  issues.remark('name_0', '/remark', 'unit_unknown');
  const { issues: kept, issueCounts } = issues.finish();
  expect(kept).toHaveLength(1_000);
  expect(Object.fromEntries(issueCounts)).toEqual({ date_missing: 1_500, unit_unknown: 1 });
});

it('a remark counts once for a metric, and comes last', () => {
  const issues = new Issues(null);
  for (let i = 0; i < 5; i++) issues.remark('weight', `/${i}`, 'unit_unknown');
  name(issues, 1);
  const { issues: kept, issueCounts } = issues.finish();
  expect(kept.map(({ code }) => code)).toEqual(['date_missing', 'unit_unknown']);
  expect(kept[1]?.pointer).toBe('/0');
  expect(kept[1]?.message).toMatch(/\(5 times\)$/);
  expect(issueCounts.get('unit_unknown')).toBe(1);
});

it('a page is any part of all, in order', () => {
  const page = (from: number, size: number) => {
    const issues = new Issues({ from, size });
    name(issues, 150);
    issues.remark('weight', '/remark', 'unit_unknown');
    return pointers(issues);
  };
  expect(page(0, 2)).toEqual(['/0', '/1']);
  expect(page(40, 2)).toEqual(['/40', '/41']);
  expect(page(149, 100)).toEqual(['/149', '/remark']);
  expect(page(151, 100)).toEqual([]);
  expect(page(0, 0)).toEqual([]);
});
