import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, createSourceReader } from '../../../src/hae/sources.ts';

const readSource = createSourceReader();

const WATCH = 'Ada’s Apple\u00a0Watch';

describe('the source of a point', () => {
  it.each([undefined, null, '', '  ', '|', '\u200b', '\u0000', 7, true, [], ['Oura'], {}])(
    'is empty where none is named: %j',
    (raw) => {
      expect(readSource(raw)).toEqual({ source: '', displayName: '' });
    },
  );

  it('keeps the name as written beside the one that is compared', () => {
    expect(readSource(` ${WATCH} `)).toEqual({
      source: 'Ada’s Apple Watch',
      displayName: WATCH,
    });
  });

  it('is the same whatever blanks, marks and forms of letters the phone used', () => {
    const spellings = [
      WATCH,
      'Ada’s  Apple Watch',
      'Ada’s Apple\u202fWatch\u0000',
      '\u200eAda’s\tApple Watch\ufeff',
      'Ａda’s Apple Watch',
    ];
    expect(new Set(spellings.map((text) => readSource(text).source))).toEqual(
      new Set(['Ada’s Apple Watch']),
    );
  });

  it('composes letters and accents', () => {
    expect(readSource('Re\u0301ne\u0301').source).toBe('Réné');
  });

  it('sorts joined names, drops repeated and empty ones, and keeps the order for display', () => {
    expect(readSource('Oura| Ada’s iPhone ||Oura')).toEqual({
      source: 'Ada’s iPhone|Oura',
      displayName: 'Oura| Ada’s iPhone ||Oura',
    });
    expect(readSource('B|A').source).toBe(readSource('A|B').source);
  });

  it('keeps capitals apart: they may be two devices', () => {
    expect(readSource('watch').source).not.toBe(readSource('Watch').source);
  });

  it('takes the name of an object, or else its identifier', () => {
    const identifier = 'com.apple.health.ABC';
    expect(readSource({ name: WATCH, identifier }).source).toBe('Ada’s Apple Watch');
    expect(readSource({ identifier }).source).toBe(identifier);
    expect(readSource({ name: ' ', identifier }).source).toBe(identifier);
    expect(readSource({ name: null, identifier }).source).toBe(identifier);
    expect(readSource({ name: 7, identifier: 7 }).source).toBe('');
  });

  it('can always be stored, and is the same when read again', () => {
    const unit = fc.oneof(
      fc.constantFrom('|', ' ', '\u0000', '\ud800', '\udc00', '\u200b', 'a', 'e', '\u0301'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit }), (raw) => {
        const { source, displayName } = readSource(raw);
        for (const text of [source, displayName]) {
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toMatch(/\p{Cc}/u);
        }
        expect(readSource(source).source).toBe(source);
        expect(readSource(displayName).source).toBe(source);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a source reader', () => {
  it('reads as if it remembered nothing', () => {
    const raws = ['B|A', { name: 'A' }, null, 'A|B', { identifier: 'x.y' }, 7, WATCH];
    const read = createSourceReader();
    for (const raw of [...raws, ...raws]) expect(read(raw)).toEqual(createSourceReader()(raw));
  });

  it('remembers the sources it has just seen', () => {
    const read = createSourceReader();
    expect(read('B|A')).toBe(read('B|A'));
  });

  it('forgets rather than grow without end', () => {
    const read = createSourceReader();
    const first = read('device 0');
    for (let i = 1; i <= 1000; i++) expect(read(`device ${i}`).source).toBe(`device ${i}`);
    expect(read('device 0')).not.toBe(first);
    expect(read('device 0')).toEqual(first);
  });

  it('does not keep very long names', () => {
    const read = createSourceReader();
    const long = 'x'.repeat(100_000);
    expect(read(long)).not.toBe(read(long));
    expect(read(long).source).toBe(long);
  });
});

describe('clean text', () => {
  it.each([
    ['  plain ', 'plain'],
    ['a\u0000b\u0007\u009fc', 'abc'],
    ['two\r\nlines\tand a tab', 'two  lines and a tab'],
    ['lone \ud83d surrogate', 'lone \ufffd surrogate'],
    ['👩‍🚀 Ada', '👩‍🚀 Ada'],
    ['\u0000', ''],
  ])('of %j is %j', (raw, clean) => {
    expect(cleanText(raw)).toBe(clean);
  });
});
