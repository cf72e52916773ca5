import Table from 'cli-table3';
import { closes, type DemoReceipt, isSettled } from './receipts.ts';

/** What is said at the end: the receipts, grouped by automation, and what they add up to. */

export interface Delivery {
  automation: string;
  receipt: DemoReceipt;
}

export interface Line {
  automation: string;
  uploads: number;
  bytes: number;
  received: number;
  inserted: number;
  updated: number;
  unchanged: number;
  set_aside: number;
  /** Receipts that are still open, have failed, or do not add up. */
  amiss: number;
}

/** One line an automation, in order of first use. Pure. */
export function tally(deliveries: readonly Delivery[]): Line[] {
  const groups = Map.groupBy(deliveries, ({ automation }) => automation);
  return [...groups].map(([automation, group]) => addUp(automation, group));
}

export function addUp(automation: string, deliveries: readonly Delivery[]): Line {
  // The same bytes again, such as two weeks without symptoms, are answered with the first receipt.
  const receipts = [...new Map(deliveries.map(({ receipt }) => [receipt.id, receipt])).values()];
  const add = (of: (receipt: DemoReceipt) => number): number =>
    receipts.reduce((sum, receipt) => sum + of(receipt), 0);
  return {
    automation,
    uploads: deliveries.length,
    bytes: add(({ bytes }) => bytes),
    received: add(({ totals }) => totals.received),
    inserted: add(({ totals }) => totals.inserted),
    updated: add(({ totals }) => totals.updated),
    unchanged: add(({ totals }) => totals.unchanged),
    set_aside: add(({ totals }) => totals.set_aside),
    amiss: add((receipt) => Number(isAmiss(receipt))),
  };
}

const isAmiss = (receipt: DemoReceipt): boolean =>
  !isSettled(receipt) || receipt.status === 'failed' || !closes(receipt);

/** How many items of which metric or section were set aside, most first. Pure. */
export function setAside(deliveries: readonly Delivery[]): [name: string, items: number][] {
  const totals = new Map<string, number>();
  for (const { receipt } of deliveries) {
    for (const [name, { set_aside }] of Object.entries(receipt.metrics)) {
      if (set_aside > 0) totals.set(name, (totals.get(name) ?? 0) + set_aside);
    }
  }
  return [...totals].sort((a, b) => b[1] - a[1]);
}

const COLUMNS = ['received', 'inserted', 'updated', 'unchanged', 'set_aside', 'amiss'] as const;

export function renderSummary(deliveries: readonly Delivery[], seconds: number): string {
  const total = addUp('Total', deliveries);
  const table = new Table({
    head: ['Automation', 'uploads', 'MB', ...COLUMNS.map((column) => column.replace('_', ' '))],
    colAligns: ['left', ...Array.from({ length: 8 }, () => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const line of [...tally(deliveries), total]) {
    table.push([
      line.automation,
      line.uploads,
      megabytes(line.bytes),
      ...COLUMNS.map((column) => grouped(line[column])),
    ]);
  }
  const aside = setAside(deliveries).map(([name, items]) => `${items} ${name}`);
  return [
    table.toString(),
    ...(aside.length === 0
      ? []
      : [`Set aside, with the reasons in the receipts: ${aside.join(', ')}.`]),
    `${grouped(total.received)} items, ${megabytes(total.bytes)} MB in ${seconds.toFixed(1)} s: ` +
      `${grouped(Math.round(total.received / seconds))} items a second.`,
  ].join('\n');
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const grouped = (n: number): string => n.toLocaleString('en');
