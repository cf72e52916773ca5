import { describe, expect, it } from 'vitest';
import { renderSummary, setAside, tally } from '../../../local/demo/summary.ts';
import { receipt } from './receipts.ts';

const delivery = (automation: string, differing: Parameters<typeof receipt>[0]) => ({
  automation,
  receipt: receipt(differing),
});

describe('the summary of a demo', () => {
  it('adds up the receipts of each automation', () => {
    const lines = tally([
      delivery('By the minute', { id: 'a' }),
      delivery('By the hour', { id: 'b' }),
      delivery('By the minute', { id: 'c', bytes: 500 }),
    ]);
    expect(lines).toMatchObject([
      { automation: 'By the minute', uploads: 2, bytes: 1500, received: 8, set_aside: 2, amiss: 0 },
      { automation: 'By the hour', uploads: 1, bytes: 1000, received: 4, set_aside: 1, amiss: 0 },
    ]);
  });

  it('counts a receipt once, however many uploads it answers', () => {
    const [line] = tally([delivery('Symptoms', { id: 'a' }), delivery('Symptoms', { id: 'a' })]);
    expect(line).toMatchObject({ uploads: 2, received: 4 });
  });

  it('counts what is open, has failed or does not add up', () => {
    const totals = { received: 5, inserted: 1, updated: 1, unchanged: 1, set_aside: 1 };
    const [line] = tally([
      delivery('By the minute', { id: 'a', status: 'loading' }),
      delivery('By the minute', { id: 'b', status: 'failed' }),
      delivery('By the minute', { id: 'c', totals }),
      delivery('By the minute', { id: 'd' }),
    ]);
    expect(line?.amiss).toBe(3);
  });

  it('names what was set aside, most first', () => {
    const counts = (set_aside: number) => ({
      ...{ received: set_aside, inserted: 0, updated: 0, unchanged: 0 },
      set_aside,
    });
    const deliveries = [
      delivery('Workouts', { id: 'a', metrics: { workouts: counts(2), step_count: counts(0) } }),
      delivery('By the day', { id: 'b', metrics: { sleep_analysis: counts(7) } }),
      delivery('Workouts', { id: 'c', metrics: { workouts: counts(1) } }),
    ];
    expect(setAside(deliveries)).toEqual([
      ['sleep_analysis', 7],
      ['workouts', 3],
    ]);
  });

  it('is a table with totals and a rate', () => {
    const shown = renderSummary([delivery('By the day', { bytes: 2_000_000 })], 2);
    expect(shown).toMatch(/│ By the day +│ +1 │ +2\.0 │ +4 │/);
    expect(shown).toMatch(/│ Total /);
    expect(shown).toContain('4 items, 2.0 MB in 2.0 s: 2 items a second.');
  });
});
