import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cutter } from '../../../src/hae/cut.ts';
import { decode } from '../../../src/hae/decode.ts';
import type { Issue } from '../../../src/model.ts';

/** A body of several files is a list of payloads: cut anywhere, each slice is still a list of payloads. */

const AT = '2026-03-02 07:41:00 +0100';
const CONTEXT = {
  receivedAt: Date.parse('2026-04-01T12:00:00Z'),
  timeZone: 'UTC',
  grouping: 'unknown',
  partialBuckets: false,
} as const;

const point = fc
  .boolean()
  .map((isGood) => (isGood ? { qty: 1, date: AT } : { qty: 'BAD', date: AT }));
const symptom = fc
  .boolean()
  .map((isGood) => (isGood ? { name: 'Fever', start: AT } : { name: 'BAD' }));
const payload = fc.oneof(
  fc.array(fc.array(point, { maxLength: 6 }), { maxLength: 3 }).map((blocks) => ({
    data: { metrics: blocks.map((data) => ({ units: 'count', data, name: 'step_count' })) },
  })),
  fc.array(symptom, { maxLength: 6 }).map((symptoms) => ({ data: { symptoms } })),
  fc.array(symptom, { maxLength: 6 }).map((symptoms) => ({ symptoms })),
  fc.constant({ data: {} }),
);

const resolve = (document: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => Reflect.get(Object(value), key), document);

it('every item is met once, and every bad one is named by its place in the whole body', () => {
  fc.assert(
    fc.property(
      fc.array(payload, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 10, max: 400 }),
      (payloads, sliceBytes) => {
        const body = new TextEncoder().encode(JSON.stringify(payloads));
        const cutter = new Cutter({ sliceBytes });
        cutter.push(body);
        const { slices, items } = cutter.end();
        const issues: Issue[] = [];
        let received = 0;
        for (const slice of slices) {
          const decoded = decode(body.subarray(slice.start, slice.end), slice, CONTEXT);
          issues.push(...decoded.issues);
          for (const counts of decoded.counts.values()) received += counts.received;
        }
        expect(received).toBe(items);
        const bad = JSON.stringify(payloads).split('BAD').length - 1;
        expect(new Set(issues.map(({ pointer }) => pointer)).size).toBe(bad);
        for (const { pointer } of issues) {
          expect(JSON.stringify(resolve(payloads, pointer))).toContain('BAD');
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('what is no payload in the list is named by its place', () => {
  const body = new TextEncoder().encode(`[{"data":{}},5,{"data":7}]`);
  const cutter = new Cutter({ sliceBytes: 1000 });
  cutter.push(body);
  const { slices, isPayload } = cutter.end();
  const issues = slices.flatMap((slice) => decode(body, slice, CONTEXT).issues);
  expect(isPayload).toBe(true);
  expect(issues.map(({ pointer }) => pointer)).toEqual(['/1', '/2/data']);
});
