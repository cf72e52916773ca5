import { expect, it } from 'vitest';
import { readRange } from '../../../src/http/range.ts';

it.each([
  ['bytes=0-99', { offset: 0, length: 100 }],
  ['bytes=100-', { offset: 100, length: 900 }],
  ['bytes=-1', { offset: 999, length: 1 }],
  ['bytes=-5000', { offset: 0, length: 1_000 }],
  ['bytes=999-999', { offset: 999, length: 1 }],
  ['bytes=5-99999999999999999999', { offset: 5, length: 995 }],
])('%s of a thousand bytes', (header, range) => {
  expect(readRange(header, 1_000)).toEqual(range);
});

it.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=-0'])(
  '%s is beyond a thousand bytes',
  (header) => {
    expect(readRange(header, 1_000)).toBe('unsatisfiable');
  },
);

it.each([
  undefined,
  '',
  'bytes=',
  'bytes=-',
  'bytes=5-2',
  'bytes=0-1,4-5',
  'rows=0-1',
  'bytes=a-b',
])('%s means the whole', (header) => {
  expect(readRange(header, 1_000)).toBeNull();
});
