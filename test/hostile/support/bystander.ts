import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { metric, payload } from '../../integration/support/payloads.ts';
import type { Person, TestStack } from '../../integration/support/stack.ts';

/** Somebody who goes on uploading and reading while another person attacks. */

export interface Watch {
  /** Of uploads and questions, milliseconds. */
  latencies: number[];
  /** Ids of receipts, in the order of uploads. */
  receipts: string[];
  /** Answers that nobody should get who has done nothing. */
  refusals: string[];
}

/** How often the bystander comes: once an upload, once a question. */
const EVERY_MS = 200;
const POINTS = 5;
const QUESTION = '/api/v1/metrics/step_count/daily?from=2026-03-02&to=2026-03-02';

/** Far more uploads than any phone makes: the bystander's own quota is not what is tested. */
export const newBystander = (test: TestStack): Promise<Person> => test.newPerson();

/** Each upload is another one, so that none is recognised as a repetition of the last. */
let uploads = 0;
const smallSync = (): string => {
  const source = `Watch ${++uploads}`;
  const data = Array.from({ length: POINTS }, (_, i) => ({
    qty: i,
    date: `2026-03-02 08:0${i}:00 +0100`,
    source,
  }));
  return payload(metric('step_count', 'count', data));
};

/** Uploads and asks until `isOver`, and at least `leastLooks` times. */
export async function watch(
  test: TestStack,
  person: Person,
  { isOver, leastLooks }: { isOver: () => boolean; leastLooks: number },
): Promise<Watch> {
  const watched: Watch = { latencies: [], receipts: [], refusals: [] };
  for (let looks = 0; looks < leastLooks || !isOver(); looks++) {
    const began = performance.now();
    const upload = await timed(watched, () => test.post(person, smallSync()));
    if (upload.body.data?.id) watched.receipts.push(upload.body.data.id);
    await timed(watched, () => test.call(QUESTION, person.keys.read));
    await setTimeout(Math.max(0, EVERY_MS - (performance.now() - began)));
  }
  return watched;
}

async function timed<T extends { status: number; body: { error?: string } }>(
  { latencies, refusals }: Watch,
  work: () => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const answer = await work();
  latencies.push(performance.now() - began);
  if (answer.status !== 200 && answer.status !== 202) {
    refusals.push(`${answer.status} ${answer.body.error}`);
  }
  return answer;
}

/** Nothing of the bystander was refused, each upload was stored as it was sent, and none waited for long. */
export async function expectServed(
  test: TestStack,
  person: Person,
  { watched, maxDelayMs }: { watched: Watch; maxDelayMs: number },
): Promise<void> {
  const { latencies, receipts, refusals } = watched;
  expect(refusals).toEqual([]);
  expect(receipts).toHaveLength(latencies.length / 2);
  for (const id of receipts) {
    const { status, totals, received_at, completed_at } = await test.closed(person, id);
    expect([status, totals.inserted]).toEqual(['stored', POINTS]);
    const delay = Date.parse(completed_at ?? '') - Date.parse(received_at);
    expect(delay, 'from the receipt of an upload until it was stored').toBeLessThan(maxDelayMs);
  }
}

export function p95(latencies: readonly number[]): number {
  const sorted = latencies.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(0.95 * sorted.length))] ?? Number.NaN;
}
