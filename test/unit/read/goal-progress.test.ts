import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PeriodOfGoal, tally, toPeriod } from '../../../src/read/goal-progress.ts';
import type { Aggregate, Direction } from '../../../src/read/goals.ts';

const period = (reached: boolean | null, running = false): PeriodOfGoal => ({
  start: '2026-03-02',
  end: '2026-03-02',
  value: null,
  target: 1,
  reached,
  running,
});

/** `+` reached, `-` not, `?` nothing can be said; the last may be `[+]` or `[-]`, which is still running. */
const periods = (text: string) =>
  [...text.matchAll(/\[?([+\-?])(\])?/g)].map(([, mark, running]) =>
    period(mark === '?' ? null : mark === '+', running === ']'),
  );

const count = (text: string, agg: Aggregate = 'sum', direction: Direction = 'at_least') => {
  const { current_streak, longest_streak, share_reached } = tally(periods(text), {
    agg,
    direction,
  });
  return [current_streak, longest_streak, share_reached];
};

describe('a streak', () => {
  it.each([
    ['', [0, 0, null]],
    ['+++', [3, 3, 1]],
    ['+++-+', [1, 3, 0.8]],
    ['++-', [0, 2, 2 / 3]],
    ['++?+', [3, 3, 1]],
    ['++[-]', [2, 2, 1]],
    ['++[+]', [3, 3, 1]],
    ['-[-]', [0, 0, 0]],
    ['[-]', [0, 0, null]],
    ['??', [0, 0, null]],
  ])('of %s', (text, expected) => {
    expect(count(text)).toEqual(expected);
  });

  it('takes the running period only once nothing can undo it', () => {
    expect(count('+[+]', 'max')).toEqual([2, 2, 1]);
    expect(count('+[+]', 'avg')).toEqual([1, 1, 1]);
    expect(count('+[+]', 'sum', 'at_most')).toEqual([1, 1, 1]);
    expect(count('+[+]', 'min', 'at_most')).toEqual([2, 2, 1]);
  });

  it('is never longer than the longest, and the longest never longer than what was reached', () => {
    const marks = fc.array(fc.constantFrom(true, false, null), { maxLength: 60 });
    fc.assert(
      fc.property(marks, (all) => {
        const result = tally(
          all.map((reached) => period(reached)),
          { agg: 'sum', direction: 'at_least' },
        );
        const reached = all.filter((each) => each === true).length;
        expect(result.current_streak).toBeLessThanOrEqual(result.longest_streak);
        expect(result.longest_streak).toBeLessThanOrEqual(reached);
        // Whoever has ever reached it has a streak of one at least.
        expect(result.longest_streak > 0).toBe(reached > 0);
      }),
    );
  });
});

describe('a period', () => {
  const row = { start: '2026-03-02', last: '2026-03-08', running: false, known: true, target: 10 };

  it.each<[number | null, Direction, boolean | null]>([
    [10, 'at_least', true],
    [9.99, 'at_least', false],
    [null, 'at_least', false],
    [10, 'at_most', true],
    [10.01, 'at_most', false],
    [null, 'at_most', null],
  ])('of %s, which should be %s 10: %s', (value, direction, reached) => {
    expect(toPeriod({ ...row, value }, direction)).toMatchObject({ value, reached });
  });

  it('whose days are being made anew has no value', () => {
    const made = toPeriod({ ...row, known: false, value: 12 }, 'at_least');
    expect(made).toMatchObject({ value: null, reached: null });
  });
});
