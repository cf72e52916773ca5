import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlausible, parseDate } from '../../../src/hae/dates.ts';

const BERLIN = 'Europe/Berlin';

/** The instant as ISO text, or `refused`. */
function read(value: string | number, zone = BERLIN): string {
  const date = parseDate(value, zone);
  return date.ok ? new Date(date.at).toISOString() : 'refused';
}

const AFTERNOON = '2024-02-06T22:30:05.000Z';

describe('the date formats of the app', () => {
  it('format 1: yyyy-MM-dd HH:mm:ss ±HHMM', () => {
    expect(parseDate('2024-02-06 14:30:05 -0800', BERLIN)).toEqual({
      ok: true,
      at: Date.parse(AFTERNOON),
      offsetMissing: false,
      dateOnly: false,
    });
    expect(read('2024-02-07 04:00:05 +0530')).toBe(AFTERNOON);
  });

  it('format 2: yyyy-MM-dd h:mm:ss AM ±HHMM, in either case', () => {
    expect(read('2024-02-06 2:30:05 PM -0800')).toBe(AFTERNOON);
    expect(read('2024-02-06 02:30:05 pm -0800')).toBe(AFTERNOON);
    expect(read('2024-02-06 12:00:00 AM +0000')).toBe('2024-02-06T00:00:00.000Z');
    expect(read('2024-02-06 12:00:00 PM +0000')).toBe('2024-02-06T12:00:00.000Z');
    expect(read('2024-02-06 11:59:59 AM +0000')).toBe('2024-02-06T11:59:59.000Z');
  });

  it.each(['\u202f', '\u00a0', '', '  '])('format 3: %j before AM or PM', (blank) => {
    expect(read(`2024-02-06 2:30:05${blank}PM -0800`)).toBe(AFTERNOON);
  });

  it.each(['p.m.', 'P.M.', 'p. m.', 'p.\u00a0m.', 'Pm'])('format 3: the marker %s', (marker) => {
    expect(read(`2024-02-06 2:30:05 ${marker} -0800`)).toBe(AFTERNOON);
  });

  it('format 4: yyyy-MM-dd is midnight of the zone', () => {
    expect(parseDate('2024-02-06', BERLIN)).toEqual({
      ok: true,
      at: Date.parse('2024-02-05T23:00:00Z'),
      offsetMissing: true,
      dateOnly: true,
    });
  });

  it('format 5: ISO 8601 with Z or an offset with a colon', () => {
    expect(read('2024-02-06T22:30:05Z')).toBe(AFTERNOON);
    expect(read('2024-02-06T14:30:05-08:00')).toBe(AFTERNOON);
    expect(read('2024-02-06t22:30:05z')).toBe(AFTERNOON);
  });

  it('format 6: Unix seconds with a fraction', () => {
    expect(read(1_772_478_000.001)).toBe('2026-03-02T19:00:00.001Z');
    expect(parseDate(1_772_478_000, BERLIN)).toMatchObject({ offsetMissing: false });
  });

  it('format 7: Unix milliseconds', () => {
    expect(read(1_772_478_000_001)).toBe('2026-03-02T19:00:00.001Z');
  });

  it('format 8: seconds since 2001', () => {
    expect(read(794_170_800.5)).toBe('2026-03-02T19:00:00.500Z');
  });

  it('format 9: yyyy-MM-dd HH:mm:ss.SSS ±HHMM, with any number of digits', () => {
    expect(read('2024-02-06 14:30:05.123 -0800')).toBe('2024-02-06T22:30:05.123Z');
    expect(read('2024-02-06 14:30:05.1 -0800')).toBe('2024-02-06T22:30:05.100Z');
    expect(read('2024-02-06 14:30:05,1239999 -0800')).toBe('2024-02-06T22:30:05.123Z');
  });

  it('format 10: yyyy-MM-dd HH:mm:ss Z', () => {
    expect(read('2024-02-06 22:30:05 Z')).toBe(AFTERNOON);
  });

  it('format 11: yyyy-MM-dd hh:mm a, without seconds and offset', () => {
    expect(parseDate('2024-02-06 02:30 PM', 'America/Los_Angeles')).toEqual({
      ok: true,
      at: Date.parse('2024-02-06T22:30:00Z'),
      offsetMissing: true,
      dateOnly: false,
    });
  });

  it('offsets of hours only, of quarters, and with the sign of typographers', () => {
    expect(read('2024-02-06 14:30:05 -08')).toBe(AFTERNOON);
    expect(read('2024-02-07 04:15:05 +05:45')).toBe(AFTERNOON);
    expect(read('2024-02-06 14:30:05 −0800')).toBe(AFTERNOON);
  });

  it('blanks around a date', () => {
    expect(read(' 2024-02-06 14:30:05 -0800\n')).toBe(AFTERNOON);
  });

  it('one instant under two offsets', () => {
    expect(read('2024-02-06 14:30:05 -0800')).toBe(read('2024-02-06 23:30:05 +0100'));
  });
});

describe('what is no date', () => {
  it.each([
    '',
    'today',
    '06.02.2024',
    '06.02.2024 14:30',
    '02/06/2024',
    '2024-2-6',
    '2024-02-30 00:00:00 +0000',
    '2023-02-29 00:00:00 +0000',
    '1900-02-29 00:00:00 +0000',
    '2024-04-31',
    '2024-13-01 00:00:00 +0000',
    '2024-00-10 00:00:00 +0000',
    '2024-02-00 00:00:00 +0000',
    '2024-02-06 24:00:00 +0000',
    '2024-02-06 23:60:00 +0000',
    '2024-02-06 23:59:60 +0000',
    '2024-02-06 13:00:00 PM +0000',
    '2024-02-06 0:30:00 AM +0000',
    '2024-02-06 14:30:05 +1801',
    '2024-02-06 14:30:05 +0160',
    '2024-02-06 14:30:05 +9999',
    '2024-02-06 14:30:05 +01:',
    '2024-02-06 14:30:05 CET',
    '2024-02-06 14:30:05 *0100',
    '2024-02-06 14:3a:05 +0100',
    '2024-02-06 14:30:0: +0100',
    '20a4-02-06 14:30:05 +0100',
    '2024-02-06 14 +0100',
    '2024-02-06 午後2:30:05 +0900',
    '٢٠٢٤-٠٢-٠٦ 14:30:05 +0300',
    '2024-02-06 14:30:05 +0100 or so',
    '1772478000',
    `2024-02-06${' '.repeat(100_000)}14:30:05 +0100`,
  ])('%j', (text) => {
    expect(read(text)).toBe('refused');
  });

  it.each([0, -1, -1e9, 1e10, 9.9e11, 1e18, Number.NaN, Number.POSITIVE_INFINITY])(
    '%d',
    (value) => {
      expect(read(value)).toBe('refused');
    },
  );

  it('is a date with any one character spoilt', () => {
    const date = '2024-02-06 14:30:05 -0800';
    for (let i = 0; i < date.length; i++) {
      expect(read(`${date.slice(0, i)}x${date.slice(i + 1)}`)).toBe('refused');
    }
  });

  it('is also a wall time in a zone that does not exist', () => {
    expect(read('2024-02-06 14:30:05', 'Mars/Olympus')).toBe('refused');
    expect(read('2024-02-06 14:30:05', '')).toBe('refused');
    expect(read('2024-02-06 14:30:05 -0800', 'Mars/Olympus')).toBe(AFTERNOON);
  });
});

describe('the calendar', () => {
  it.each([
    ['2024-02-29 00:00:00 +0000', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29 00:00:00 +0000', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01 00:00:00 +0000', '0001-01-01T00:00:00.000Z'],
    ['0099-12-31 23:59:59 +0000', '0099-12-31T23:59:59.000Z'],
    ['9999-12-31 23:59:59 +0000', '9999-12-31T23:59:59.000Z'],
    ['1969-12-31 23:59:59 +0000', '1969-12-31T23:59:59.000Z'],
  ])('reads %s', (text, iso) => {
    expect(read(text)).toBe(iso);
  });

  const instants = fc.integer({
    min: Date.parse('0001-01-03T00:00:00Z') / 1000,
    max: Date.parse('9999-12-29T00:00:00Z') / 1000,
  });

  it('reads back every second under every offset, in the fast form and in ISO', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -18 * 60, max: 18 * 60 }), (second, offset) => {
        const wall = new Date((second + offset * 60) * 1000).toISOString().slice(0, 19);
        const [hours, minutes] = [Math.abs(offset) / 60, Math.abs(offset) % 60];
        const digits = (value: number) => String(Math.floor(value)).padStart(2, '0');
        const sign = offset < 0 ? '-' : '+';
        const iso = new Date(second * 1000).toISOString();
        expect(read(`${wall.replace('T', ' ')} ${sign}${digits(hours)}${digits(minutes)}`)).toBe(
          iso,
        );
        expect(read(`${wall}${sign}${digits(hours)}:${digits(minutes)}`)).toBe(iso);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses exactly the days that Date would roll over', () => {
    const part = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(part(2200), part(15), part(35), (year, month, day) => {
        const text = [String(year).padStart(4, '0'), month, day]
          .map((number) => String(number).padStart(2, '0'))
          .join('-');
        const date = new Date(0);
        date.setUTCFullYear(year, month - 1, day);
        const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        const expected = exists ? date.toISOString() : 'refused';
        expect(read(`${text} 00:00:00 +0000`)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws, and never answers with something that is no instant', () => {
    const piece = fc.constantFrom(
      '2024-02-06',
      ' ',
      'T',
      '14:30',
      ':05',
      '.5',
      'PM',
      '+',
      '0100',
      'Z',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(fc.oneof(text, fc.double()), (value) => {
        const date = parseDate(value, BERLIN);
        if (date.ok) expect(Number.isSafeInteger(date.at)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a date without an offset', () => {
  it('is wall time of the zone, summer and winter', () => {
    expect(read('2024-07-01 12:00:00')).toBe('2024-07-01T10:00:00.000Z');
    expect(read('2024-01-01 12:00:00')).toBe('2024-01-01T11:00:00.000Z');
    expect(read('2024-01-01 12:00:00', 'Asia/Kathmandu')).toBe('2024-01-01T06:15:00.000Z');
  });

  it('moves on by the gap where the clock skips it', () => {
    expect(read('2024-03-31 01:59:59')).toBe('2024-03-31T00:59:59.000Z');
    expect(read('2024-03-31 02:30:00')).toBe('2024-03-31T01:30:00.000Z');
    expect(read('2024-03-31 03:00:00')).toBe('2024-03-31T01:00:00.000Z');
    expect(read('2024-03-10 02:30:00', 'America/New_York')).toBe('2024-03-10T07:30:00.000Z');
  });

  it('is the first of the two where the clock shows it twice', () => {
    expect(read('2024-10-27 01:59:59')).toBe('2024-10-26T23:59:59.000Z');
    expect(read('2024-10-27 02:30:00')).toBe('2024-10-27T00:30:00.000Z');
    expect(read('2024-10-27 03:00:00')).toBe('2024-10-27T02:00:00.000Z');
    expect(read('2024-11-03 01:30:00', 'America/New_York')).toBe('2024-11-03T05:30:00.000Z');
  });

  it('moves on where midnight, or a whole day, is skipped', () => {
    expect(read('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
    expect(read('2011-12-30 12:00:00', 'Pacific/Apia')).toBe('2011-12-30T22:00:00.000Z');
  });

  it('is the first moment at which clocks of the zone show that time', () => {
    const zones = [BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
    const shown = (at: number, zone: string) =>
      new Date(at).toLocaleString('sv-SE', { timeZone: zone });
    const second = fc.integer({ min: 0, max: Date.parse('2037-01-01T00:00:00Z') / 1000 });
    fc.assert(
      fc.property(second, fc.constantFrom(...zones), (at, zone) => {
        const text = shown(at * 1000, zone);
        const date = parseDate(text, zone);
        expect(date).toMatchObject({ ok: true, offsetMissing: true });
        if (!date.ok) return;
        expect(shown(date.at, zone)).toBe(text);
        expect(date.at).toBeLessThanOrEqual(at * 1000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a plausible date', () => {
  const receivedAt = Date.parse('2024-02-06T12:00:00Z');

  it.each([
    ['1970-01-02T12:00:00.000Z', true],
    ['1970-01-02T11:59:59.999Z', false],
    ['1970-01-01T00:00:00.000Z', false],
    ['1969-12-31T23:59:59.999Z', false],
    ['2024-02-08T12:00:00.000Z', true],
    ['2024-02-08T12:00:00.001Z', false],
    ['0001-01-01T00:00:00.000Z', false],
    ['9999-12-31T23:59:59.000Z', false],
  ])('%s: %s', (iso, plausible) => {
    expect(isPlausible(Date.parse(iso), receivedAt)).toBe(plausible);
  });
});
