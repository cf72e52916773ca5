import { describe, expect, it } from 'vitest';
import {
  automationLink,
  intervalOf,
  KEY_PLACEHOLDER,
  periodOf,
} from '../../../src/hae/deep-link.ts';

describe('a link of the app', () => {
  const url = 'https://self-sensored.example.org/api/v1/sync';
  const link = automationLink(url, 'previous7Days', 'minutes');

  it('says what to export, and where to', () => {
    expect(link).toMatch(/^com\.HealthExport:\/\/automation\?/);
    expect(Object.fromEntries(new URL(link).searchParams)).toMatchObject({
      url,
      format: 'json',
      exportversion: 'v2',
      period: 'previous7Days',
      interval: 'minutes',
      datatype: 'healthMetrics',
      headers: `Authorization,Bearer ${KEY_PLACEHOLDER}`,
    });
  });

  it('has every field encoded', () => {
    expect(link).toContain('url=https%3A%2F%2Fself-sensored.example.org%2Fapi%2Fv1%2Fsync&');
    expect(link).not.toMatch(/[\s"<>]/);
  });
});

describe('the period of the app that holds days', () => {
  it.each([
    [1, 1, 'yesterday'],
    [2, 1, 'previous7Days'],
    [7, 3, 'previous7Days'],
    [8, 8, null],
    [400, 1, null],
    [1, 0, null],
  ])('from %d to %d days ago is %s', (first, last, period) => {
    expect(periodOf(first, last)).toBe(period);
  });
});

describe('the interval', () => {
  it.each([
    [['minutes'], 'minutes'],
    [['days'], 'days'],
    [['minutes', 'days'], 'none'],
    [['default'], 'none'],
    [['unknown'], 'none'],
    [[], 'none'],
  ])('of what was grouped by %j is %s', (groupings, interval) => {
    expect(intervalOf(groupings)).toBe(interval);
  });
});
