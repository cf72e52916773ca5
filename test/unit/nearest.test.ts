import { expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/nearest.ts';

const WORDS = ['step_count', 'stand_hour', 'heart_rate', 'from', 'to', 'tz'];

it.each([
  ['stpe_count', ['step_count']],
  ['form', ['from']],
  ['heartrate', ['heart_rate']],
  ['STEP_COUNT', ['step_count']],
  ['step', ['step_count']],
  ['telomeres', []],
])('The words that %s may have meant are %j', (word, expected) => {
  expect(nearest(word, WORDS)).toEqual(expected);
});

it('A word of any length costs little', () => {
  expect(didYouMean('x'.repeat(100_000), WORDS)).toBe('');
});

it('Several near words are all named, the nearest first', () => {
  expect(didYouMean('walks', ['walk', 'talk', 'wall', 'rest'])).toBe(
    'Did you mean walk or talk or wall? ',
  );
});
