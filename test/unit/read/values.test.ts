import fc from 'fast-check';
import { expect, it } from 'vitest';
import { iso } from '../../../src/read/values.ts';

const INSTANTS = fc.date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

/** As Postgres writes a timestamptz in a session in UTC: without the zeros at the end, in microseconds. */
function written(instant: Date, microseconds: number): string {
  const [seconds = '', rest = ''] = instant.toISOString().slice(0, -1).split('.');
  const fraction = `${rest}${String(microseconds).padStart(3, '0')}`.replace(/0+$/, '');
  return `${seconds.replace('T', ' ')}${fraction === '' ? '' : `.${fraction}`}+00`;
}

it('An instant of a row is the one that Postgres wrote, to the millisecond', () => {
  fc.assert(
    fc.property(INSTANTS, fc.integer({ min: 0, max: 999 }), (instant, microseconds) => {
      expect(iso(written(instant, microseconds))).toBe(instant.toISOString());
    }),
  );
});

it.each([
  ['2026-03-02 08:40:30+02', '2026-03-02T06:40:30.000Z'],
  ['2026-03-02 12:10:30.5+05:30', '2026-03-02T06:40:30.500Z'],
  ['2026-03-02T06:40:30Z', '2026-03-02T06:40:30.000Z'],
])('An instant that is written in another way, %s, is converted', (text, expected) => {
  expect(iso(text)).toBe(expected);
});
