import { expect, it } from 'vitest';
import { renderReceipt } from '../../../local/commands/receipt-table.ts';
import type { Counts, Receipt } from '../../../src/model.ts';

const counts = (received: number, inserted: number): Counts => ({
  received,
  inserted,
  updated: 0,
  unchanged: 0,
  set_aside: received - inserted,
});

const receipt: Receipt = {
  id: 'an-id',
  status: 'stored_with_issues',
  received_at: '2026-03-02T07:41:00.000Z',
  completed_at: '2026-03-02T07:41:01.000Z',
  replay_of: null,
  bytes: 100,
  sha256: 'x',
  automation: { name: null, id: null, aggregation: null, period: null, session_id: null },
  slices: { total: 1, loaded: 1 },
  failure: null,
  decoders: [1],
  totals: counts(4, 3),
  metrics: { step_count: counts(3, 3), workouts: counts(1, 0) },
  unknown_fields: {},
  issues: [
    { pointer: '/data/workouts/0', code: 'section_not_supported', message: 'Not supported yet.' },
  ],
  issues_total: 1,
  issues_by_code: { invalid_date: 1 },
};

const cells = (line: string) => line.split('│').map((cell) => cell.trim());

it('a receipt is one line a metric, the total, and what was set aside', () => {
  const lines = renderReceipt(receipt).split('\n');
  expect(lines[0]).toBe('Receipt an-id: stored_with_issues');
  const rows = lines.filter((line) => line.includes('│')).map(cells);
  expect(rows.map((row) => row.slice(1, -1))).toEqual([
    ['metric', 'received', 'inserted', 'updated', 'unchanged', 'set aside'],
    ['step_count', '3', '3', '0', '0', '0'],
    ['workouts', '1', '0', '0', '0', '1'],
    ['total', '4', '3', '0', '0', '1'],
  ]);
  expect(lines.at(-1)).toBe('  /data/workouts/0  section_not_supported');
});

it('nothing is said of issues where there are none', () => {
  const text = renderReceipt({ ...receipt, issues: [], issues_total: 0 });
  expect(text).not.toContain('Set aside,');
});
