import { expect, it } from 'vitest';
import { placeOfNul } from '../../../src/http/nul.ts';

it.each([
  ['text', null],
  [{ a: 'b', c: [1, null, true] }, null],
  [{ name: 'a\u0000b' }, ['name']],
  [{ tags: ['a', { b: '\u0000' }] }, ['tags', '1', 'b']],
  [{ more: { 'a\u0000': 1 } }, ['more']],
])('in %j the character that Postgres has not stands at %j', (value, place) => {
  expect(placeOfNul(value)).toEqual(place);
});
