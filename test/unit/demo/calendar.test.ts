import { describe, expect, it } from 'vitest';
import {
  dateOf,
  dayAt,
  dayNumber,
  HOUR,
  instantOf,
  startOfDay,
  wallMinute,
  writeInstant,
} from '../../../local/demo/calendar.ts';

const day = (date: string): number => {
  const number = dayNumber(date);
  if (number === null) throw new Error(`${date} is no day`);
  return number;
};

describe('days of Vienna', () => {
  it('have 23 and 25 hours when the clocks change, else 24', () => {
    const hours = (date: string) => (startOfDay(day(date) + 1) - startOfDay(day(date))) / HOUR;
    expect(['2026-03-28', '2026-03-29', '2026-10-25'].map(hours)).toEqual([24, 23, 25]);
  });

  it('begin at local midnight and contain their last minute', () => {
    for (const date of ['2026-01-15', '2026-03-29', '2026-07-15', '2026-10-25']) {
      const start = startOfDay(day(date));
      expect(writeInstant(start, '24')).toMatch(`${date} 00:00:00`);
      expect(dayAt(start)).toBe(day(date));
      expect(dayAt(startOfDay(day(date) + 1) - 1)).toBe(day(date));
    }
  });

  it('find the instant of a wall clock on both sides of a change', () => {
    for (const date of ['2026-03-29', '2026-10-25']) {
      expect(wallMinute(instantOf(day(date), 455))).toBe(455);
      expect(writeInstant(instantOf(day(date), 455), '24')).toMatch(`${date} 07:35:00`);
    }
  });

  it('are refused where the calendar has none', () => {
    expect(['2026-02-30', '2026-2-3', '', 'today'].map(dayNumber)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(dateOf(day('2024-02-29'))).toBe('2024-02-29');
  });
});

describe('written instants', () => {
  it('come with a 24-hour clock or with either 12-hour clock', () => {
    const at = Date.UTC(2026, 2, 2, 18, 41, 5);
    expect(writeInstant(at, '24')).toBe('2026-03-02 19:41:05 +0100');
    expect(writeInstant(at, '12')).toBe('2026-03-02 7:41:05 PM +0100');
    expect(writeInstant(at, '12-narrow')).toBe('2026-03-02 7:41:05\u202fPM +0100');
  });

  it('call midnight and noon twelve on a 12-hour clock', () => {
    expect(writeInstant(Date.UTC(2026, 6, 1, 22), '12')).toBe('2026-07-02 12:00:00 AM +0200');
    expect(writeInstant(Date.UTC(2026, 6, 2, 10), '12')).toBe('2026-07-02 12:00:00 PM +0200');
  });

  it('tell the two hours from two to three apart in autumn', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    expect(writeInstant(first, '24')).toBe('2026-10-25 02:30:00 +0200');
    expect(writeInstant(first + HOUR, '24')).toBe('2026-10-25 02:30:00 +0100');
  });
});
