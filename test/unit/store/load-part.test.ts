import { expect, it } from 'vitest';
import { Cutter } from '../../../src/hae/cut.ts';
import { decode } from '../../../src/hae/decode.ts';
import type { LeaveOut } from '../../../src/hae/payload.ts';
import type { SliceLoad } from '../../../src/store/load.ts';
import { withoutRows, withSeriesOf } from '../../../src/store/load-part.ts';

const AT = Date.parse('2026-03-02T12:00:00Z');
const COUNT = 2_100;

/** One more source than the last with every item. */
const bytes = new TextEncoder().encode(
  JSON.stringify({
    data: {
      metrics: [
        {
          name: 'step_count',
          units: 'count',
          data: Array.from({ length: COUNT }, (_, i) => ({
            qty: 1,
            date: '2026-03-02 07:41:00 +0100',
            source: `Watch ${i}`,
          })),
        },
      ],
    },
  }),
);

function load(leaveOut: LeaveOut | null): SliceLoad {
  const cutter = new Cutter({ sliceBytes: Number.POSITIVE_INFINITY });
  cutter.push(bytes);
  const [slice] = cutter.end().slices;
  if (slice === undefined) throw new Error('no slice');
  const context = {
    receivedAt: AT,
    timeZone: 'Europe/Vienna',
    grouping: 'minutes',
    partialBuckets: false,
  } as const;
  const automation = { name: null, id: null, aggregation: null, period: null, sessionId: null };
  return {
    ingestion: {
      id: '',
      userId: '',
      keyId: '',
      receivedAt: AT,
      saidAt: AT,
      replayOf: null,
      correlationId: '',
      traceparent: null,
      timeZone: 'Europe/Vienna',
      automation,
      idempotencyKey: null,
    },
    archived: { rawKey: '', bytes: bytes.length, sha256: '', cut: '' },
    slicesTotal: 1,
    slice: 0,
    decoded: decode(bytes, slice, context, { leaveOut }),
  };
}

const rowsOf = ({ decoded }: SliceLoad): number =>
  decoded.samples.reduce((sum, { rows }) => sum + rows.length, 0);

it('parts of a slice store no series that the whole has set aside, so that the counts close', () => {
  const whole = load(null);
  const parts = [[0, 1_050] as const, [1_050, COUNT] as const].map(([from, until]) =>
    load((ordinal) => (ordinal < from || ordinal >= until ? 'not_loadable' : null)),
  );
  expect(parts.map(rowsOf)).toEqual([1_050, 1_050]);
  const stored = parts.map((part) => rowsOf(withSeriesOf(part, whole)));
  expect(stored).toEqual([1_050, 950]);
  const counts = stored.map((inserted) => ({
    step_count: { received: inserted, inserted, updated: 0, unchanged: 0, set_aside: 0 },
  }));
  expect(withoutRows(whole, counts).decoded.counts.get('step_count')).toEqual({
    received: COUNT,
    inserted: 2_000,
    updated: 0,
    unchanged: 0,
    set_aside: 100,
  });
});
