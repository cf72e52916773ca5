import { describe, expect, it } from 'vitest';
import { delayAfter, type FaultKind, RETRY_POLICIES } from '../../../src/ingest/retry.ts';

const KINDS = Object.keys(RETRY_POLICIES) as FaultKind[];
const inTheMiddle = () => 0.5;
const delays = (kind: FaultKind, times: number) =>
  Array.from({ length: times }, (_, i) => delayAfter(kind, i + 1, inTheMiddle));

describe('a retry policy', () => {
  it.each(KINDS)('tries %s exactly as often as it says', (kind) => {
    const { attempts } = RETRY_POLICIES[kind];
    const last = Math.min(attempts, 1_000);
    const retried = delays(kind, last - 1);
    expect(retried.every((seconds) => seconds !== null)).toBe(true);
    const isEndless = attempts === Number.POSITIVE_INFINITY;
    expect(delayAfter(kind, last) === null).toBe(!isEndless);
  });

  it('never gives up a service that is away', () => {
    for (const kind of ['database_unavailable', 'archive_unavailable'] as const) {
      expect(delays(kind, 12)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]);
      expect(delayAfter(kind, 100_000, inTheMiddle)).toBe(600);
    }
  });

  it('waits for minutes before a fault that nothing explains counts against the items', () => {
    const seconds = delays('unexplained', RETRY_POLICIES.unexplained.attempts - 1);
    expect(seconds).toEqual([10, 20, 40, 80, 160, 320, 600]);
  });

  it('spreads the slices of one upload by a quarter in both directions', () => {
    expect(delayAfter('database_unavailable', 20, () => 0)).toBe(450);
    expect(delayAfter('database_unavailable', 20, () => 0.9999)).toBe(750);
  });
});
