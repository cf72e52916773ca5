import Table from 'cli-table3';
import type { Counts, Receipt } from '../../src/model.ts';

const NUMBERS = ['received', 'inserted', 'updated', 'unchanged', 'set_aside'] as const;

/** A receipt for people: one line a metric, a total, and what was set aside. */
export function renderReceipt(receipt: Receipt): string {
  const table = new Table({
    head: ['metric', ...NUMBERS.map((name) => name.replace('_', ' '))],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const line = (name: string, counts: Counts) => [name, ...NUMBERS.map((each) => counts[each])];
  for (const [metric, counts] of Object.entries(receipt.metrics)) table.push(line(metric, counts));
  table.push(line('total', receipt.totals));
  const issues = receipt.issues.map(({ pointer, code }) => `  ${pointer}  ${code}`);
  return [
    `Receipt ${receipt.id}: ${receipt.status}`,
    table.toString(),
    ...(issues.length === 0 ? [] : ['Set aside, or remarked on:', ...issues]),
  ].join('\n');
}
