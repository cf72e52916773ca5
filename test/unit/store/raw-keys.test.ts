import { describe, expect, it } from 'vitest';
import {
  hourOf,
  nextHour,
  originalKeyOf,
  placeOf,
  rawKeyOf,
  rejectedKeyOf,
} from '../../../src/store/raw-keys.ts';

const ADA = 'a3c5e7f9-1b2d-4f60-8a9b-0c1d2e3f4a5b';
const UPLOAD = '0198c0de-1b2d-7f60-8a9b-0c1d2e3f4a5b';
const AT = Date.parse('2026-03-01T23:59:59.999Z');

describe('the key of a raw object', () => {
  it('has the hour of receipt first, then the person', () => {
    expect(rawKeyOf(ADA, AT, UPLOAD)).toBe(`raw/2026-03-01T23/${ADA}/${UPLOAD}`);
  });

  it.each([
    ['of today', rawKeyOf(ADA, AT, UPLOAD)],
    ['of releases up to 0.4', `raw/${ADA}/2026-03-01/${UPLOAD}`],
  ])('%s says whose it is and where its companions lie', (_, key) => {
    expect(placeOf(key)).toEqual({ userId: ADA, day: '2026-03-01', ingestionId: UPLOAD });
    expect(rejectedKeyOf(key)).toBe(`rejected/${ADA}/2026-03-01/${UPLOAD}`);
    expect(originalKeyOf(key)).toBe(`original/${ADA}/2026-03-01/${UPLOAD}`);
  });

  it('that nobody of ours has made says nothing', () => {
    expect(placeOf('raw/2026-03-01T23/by-hand')).toBeNull();
    expect(rejectedKeyOf('raw/by-hand')).toBe('rejected/by-hand');
  });
});

it('the hour after the last of a year is the first of the next', () => {
  expect(nextHour('2026-12-31T23')).toBe('2027-01-01T00');
  expect(hourOf(Date.parse('2027-01-01T00:00:00Z'))).toBe('2027-01-01T00');
});
