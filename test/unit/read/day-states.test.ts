import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DaysSeen, rhythmOf, type Span, statesOf } from '../../../src/read/day-states.ts';

/** One letter a day from day 0 on: samples of that day, `.` for none. */
const seen = (samplesOf: (day: number) => number, count: number): DaysSeen => {
  const days = Array.from({ length: count }, (_, day) => day).filter((day) => samplesOf(day) > 0);
  return { days, samples: days.map(samplesOf) };
};

const LETTERS = { complete: 'c', thin: 't', missing: 'm', not_expected: '-' };
/** The states of a span, one letter a day. */
const draw = (days: DaysSeen, span: Span, first = days.days[0] ?? 0): string =>
  statesOf(days, span, first)
    .map(({ state, from, to }) => LETTERS[state].repeat(to - from + 1))
    .join('');

const daily = (holes: readonly number[], thin: readonly number[] = [], count = 60) =>
  seen((day) => (holes.includes(day) ? 0 : thin.includes(day) ? 39 : 100), count);
const weekly = (until: number) => seen((day) => (day % 7 === 0 && day <= until ? 1 : 0), until + 1);

describe('a metric of every day', () => {
  const span = { from: 20, to: 29, today: 100 };

  it('is complete where it has what it usually has', () => {
    expect(draw(daily([]), span)).toBe('cccccccccc');
  });

  it('is missing where there is nothing, and thin where there is little', () => {
    expect(draw(daily([22, 23], [25]), span)).toBe('ccmmctcccc');
  });

  it('with 40 % of the usual is not thin', () => {
    const days = seen((day) => (day === 25 ? 40 : 100), 60);
    expect(draw(days, span)).toBe('cccccccccc');
  });

  it('is missing all through a long outage, and until today if it does not come back', () => {
    const outage = Array.from({ length: 50 }, (_, i) => 5 + i);
    expect(draw(daily([...outage, 2]), { from: 0, to: 59, today: 100 })).toBe(
      `ccmcc${'m'.repeat(50)}ccccc`,
    );
    expect(draw(daily([]), { from: 55, to: 70, today: 70 })).toBe(`ccccc${'m'.repeat(10)}-`);
  });

  it('lacks nothing before its first day, nor after today', () => {
    expect(draw(daily([]), { from: -5, to: 200, today: 59 })).toBe('c'.repeat(60));
  });

  it('today is never thin or missing: it is not over', () => {
    expect(draw(daily([], [59]), { from: 58, to: 59, today: 59 })).toBe('cc');
    expect(draw(daily([59]), { from: 58, to: 59, today: 59 })).toBe('c-');
    expect(draw(daily([], [59]), { from: 58, to: 59, today: 60 })).toBe('ct');
  });

  it('may change its habits: only the four weeks around count', () => {
    const days = seen((day) => (day < 40 ? 1000 : 100), 80);
    expect(draw(days, { from: 0, to: 79, today: 80 }).slice(60)).toBe('c'.repeat(20));
  });
});

describe('a metric that comes now and then', () => {
  it('is not expected between, and never thin', () => {
    expect(rhythmOf(weekly(70).days)).toEqual({ daily: false, patience: 28 });
    expect(draw(weekly(70), { from: 7, to: 21, today: 100 })).toBe('c------c------c');
  });

  it('is missing once it is overdue: four usual gaps, at least four weeks', () => {
    const states = draw(weekly(70), { from: 70, to: 110, today: 110 });
    expect(states).toBe(`c${'-'.repeat(28)}${'m'.repeat(11)}-`);
    const monthly = seen((day) => (day % 30 === 0 ? 1 : 0), 301);
    expect(rhythmOf(monthly.days).patience).toBe(120);
  });

  it('is never missing while too little is known of it', () => {
    expect(draw(weekly(35), { from: 35, to: 400, today: 400 })).not.toContain('m');
  });
});

describe('any metric', () => {
  const history = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 120 });

  it('has one state a day from its first on, and equal neighbours are one range', () => {
    fc.assert(
      fc.property(history, fc.nat(119), fc.nat(60), (all, from, length) => {
        const days = seen((day) => all[day] ?? 0, all.length);
        const first = days.days[0];
        if (first === undefined) return;
        const span = { from, to: from + length, today: 100 };
        const ranges = statesOf(days, span, first);
        const start = Math.max(from, first);
        const covered = ranges.flatMap((range) =>
          Array.from({ length: range.to - range.from + 1 }, (_, i) => range.from + i),
        );
        const end = Math.min(span.to, span.today);
        expect(covered).toEqual(
          Array.from({ length: Math.max(0, end - start + 1) }, (_, i) => start + i),
        );
        for (const [i, { state }] of ranges.entries()) expect(ranges[i + 1]?.state).not.toBe(state);
        for (const range of ranges) {
          const isThere = range.state === 'complete' || range.state === 'thin';
          for (let day = range.from; day <= range.to; day++) {
            expect((all[day] ?? 0) > 0).toBe(isThere);
          }
        }
      }),
    );
  });
});
