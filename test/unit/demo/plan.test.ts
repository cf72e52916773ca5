import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeBody } from '../../../local/demo/body.ts';
import { dayNumber, HOUR, startOfDay } from '../../../local/demo/calendar.ts';
import { planUploads } from '../../../local/demo/plan.ts';

const until = dayNumber('2026-04-10') ?? 0;

function fingerprint(seed: number): string {
  const hash = createHash('sha256');
  for (const upload of planUploads({ seed, days: 40, until })) {
    hash.update(JSON.stringify(upload.headers)).update(writeBody(seed, upload));
  }
  return hash.digest('hex');
}

describe('a plan of uploads', () => {
  const uploads = planUploads({ seed: 1, days: 40, until });

  it('gives the same bytes for the same seed, and others for another', () => {
    const first = fingerprint(5);
    expect(fingerprint(5)).toBe(first);
    expect(fingerprint(6)).not.toBe(first);
  });

  it('is in order of time', () => {
    const times = uploads.map(({ sentAt }) => sentAt);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('says in its headers what the app says', () => {
    for (const { headers } of uploads) {
      expect(headers).toMatchObject({
        'automation-name': expect.any(String),
        'automation-id': expect.stringMatching(/^[0-9A-F-]{36}$/),
        'automation-aggregation': expect.stringMatching(/^(Default|Minutes|Hours|Days)$/),
        'automation-period': expect.any(String),
        'session-id': expect.stringMatching(/^[0-9A-F-]{36}$/),
      });
    }
    const sessions = new Set(uploads.map(({ headers }) => headers['session-id']));
    expect(sessions.size).toBe(uploads.length);
  });

  it.each(['minutes', 'hours', 'days', 'workouts'] as const)(
    'leaves no gap in the %s',
    (content) => {
      const spans = uploads
        .filter(({ automation }) => automation.content === content)
        .slice(0, content === 'minutes' ? -1 : undefined);
      expect(spans[0]?.from).toBe(startOfDay(until - 40));
      for (const [i, span] of spans.slice(1).entries()) {
        expect(span.from).toBeLessThanOrEqual(spans[i]?.to ?? 0);
      }
      expect(spans.at(-1)?.to).toBe(startOfDay(until));
    },
  );

  it('overlaps by a day when the hours of yesterday and today are sent', () => {
    const [first, second] = uploads.filter(({ automation }) => automation.name === 'By the hour');
    const overlap = (first?.to ?? 0) - (second?.from ?? 0);
    expect(overlap).toBeGreaterThan(18 * HOUR);
    expect(overlap).toBeLessThan(24 * HOUR);
  });

  it('never knows the future', () => {
    for (const { from, to, sentAt } of uploads) {
      expect(from).toBeLessThan(to);
      expect(to).toBeLessThanOrEqual(sentAt);
    }
  });

  it('works for a single day', () => {
    const single = planUploads({ seed: 1, days: 1, until });
    expect(single.length).toBeGreaterThan(4);
    for (const upload of single) expect(() => JSON.parse(writeBody(1, upload))).not.toThrow();
  });
});
