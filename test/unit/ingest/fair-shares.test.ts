import { describe, expect, it } from 'vitest';
import {
  InlineLoads,
  LiveShares,
  MAX_INLINE_LOADS,
  MAX_INLINE_LOADS_A_PERSON,
  MAX_INLINE_PEOPLE_SPARED,
  MAX_LIVE_SLICES_A_MINUTE,
  MAX_LOAD_MS,
  SLOW_LOAD_MS,
  SPARED_MS,
} from '../../../src/ingest/fair-shares.ts';

const NOW = Date.UTC(2026, 2, 2, 7, 0);

/** How many of so many loads may begin at once. */
const begun = (loads: InlineLoads, people: readonly string[], now = NOW): number =>
  people.filter((person) => loads.begin(person, now)).length;

const times = (count: number, person: string): string[] =>
  Array.from({ length: count }, () => person);
const different = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `person ${i}`);

describe('loads of requests', () => {
  it('of one person leave room for others', () => {
    const loads = new InlineLoads();
    expect(begun(loads, times(200, 'ada'))).toBe(MAX_INLINE_LOADS_A_PERSON);
    expect(loads.begin('grace', NOW)).toBe(true);
  });

  it('of all are bounded, and make room when they end', () => {
    const loads = new InlineLoads();
    expect(begun(loads, different(50))).toBe(MAX_INLINE_LOADS);
    loads.end('person 0', NOW, NOW + 20);
    expect(begun(loads, different(50), NOW + 20)).toBe(1);
  });

  it('that never say that they ended, as their phones hung up, make room after a while', () => {
    const loads = new InlineLoads();
    begun(loads, times(MAX_INLINE_LOADS_A_PERSON, 'ada'));
    begun(loads, different(50));
    expect(begun(loads, ['ada', 'grace'], NOW + MAX_LOAD_MS - 1)).toBe(0);
    expect(begun(loads, different(50), NOW + MAX_LOAD_MS)).toBe(MAX_INLINE_LOADS);
    // Should one of them end all the same, it takes no room from others.
    loads.end('ada', NOW, NOW + MAX_LOAD_MS);
    expect(loads.begin('grace', NOW + MAX_LOAD_MS)).toBe(false);
  });

  it('are fewer after a slow one, and as many as ever once it is long past', () => {
    const loads = new InlineLoads();
    loads.begin('ada', NOW);
    const end = NOW + SLOW_LOAD_MS + 1;
    loads.end('ada', NOW, end);
    expect(begun(loads, [...times(2, 'ada'), ...different(5)], end)).toBe(MAX_INLINE_PEOPLE_SPARED);
    const later = new InlineLoads();
    later.begin('ada', NOW);
    later.end('ada', NOW, end);
    expect(begun(later, different(50), end + SPARED_MS)).toBe(MAX_INLINE_LOADS);
  });

  it('of one person that make the database slow do not hold back another', () => {
    const loads = new InlineLoads();
    begun(loads, times(MAX_INLINE_LOADS_A_PERSON, 'ada'));
    loads.end('ada', NOW, NOW + SLOW_LOAD_MS + 1);
    expect(begun(loads, [...times(5, 'ada'), 'grace'], NOW + SLOW_LOAD_MS + 1)).toBe(1);
  });

  it('one after another are never refused, however slow they are', () => {
    const loads = new InlineLoads();
    for (let now = NOW, i = 0; i < 10; i++, now += 5_000) {
      expect(loads.begin('ada', now)).toBe(true);
      loads.end('ada', now, now + 4_000);
    }
  });

  it('are as many as ever once one was quick again', () => {
    const loads = new InlineLoads();
    loads.begin('ada', NOW);
    loads.end('ada', NOW, NOW + SLOW_LOAD_MS + 1);
    loads.begin('ada', NOW + 2_000);
    loads.end('ada', NOW + 2_000, NOW + 2_020);
    expect(begun(loads, different(50), NOW + 2_020)).toBe(MAX_INLINE_LOADS);
  });
});

describe('the live lane', () => {
  it('takes so many slices of a person in a minute, and all of another', () => {
    const shares = new LiveShares();
    const taken = Array.from({ length: 200 }, () => shares.take('ada', 1, NOW)).filter(Boolean);
    expect(taken).toHaveLength(MAX_LIVE_SLICES_A_MINUTE);
    expect(shares.take('grace', 8, NOW)).toBe(true);
  });

  it('takes small uploads still where a large one is too much', () => {
    const shares = new LiveShares();
    expect(shares.take('ada', MAX_LIVE_SLICES_A_MINUTE - 1, NOW)).toBe(true);
    expect(shares.take('ada', 2, NOW)).toBe(false);
    expect(shares.take('ada', 1, NOW)).toBe(true);
  });

  it('forgets what was sent a minute ago', () => {
    const shares = new LiveShares();
    shares.take('ada', MAX_LIVE_SLICES_A_MINUTE, NOW);
    expect(shares.take('ada', 1, NOW + 59_000)).toBe(false);
    expect(shares.take('ada', 1, NOW + 60_000)).toBe(true);
  });
});
