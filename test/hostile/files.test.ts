import { gzipSync } from 'node:zlib';
import { strToU8, type ZipOptions, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  type Person,
  startTestStack,
  type TestStack,
} from '../integration/support/stack.ts';

/**
 * Files that cost more than they are long, posted with one ordinary phone key. Each is answered, says which limit it
 * exceeds, and while it is worked on another person is served.
 */

let test: TestStack;
let victim: Person;
beforeAll(async () => {
  test = await startTestStack();
  victim = await test.newPerson();
});
afterAll(() => test.stack.stop());

/** The least that tells a stall of many seconds from a busy machine. */
const MAX_WAIT_MS = 5_000;

interface Meanwhile extends Answer {
  /** The longest that another's request waited. */
  waitedMs: number;
}

/** Posts, and asks for something else again and again until it is answered. */
async function post(
  path: string,
  body: Uint8Array,
  headers: Record<string, string>,
): Promise<Meanwhile> {
  const attacker = await test.newPerson();
  let isUnderWay = true;
  const answer = test
    .call(path, attacker.keys.ing, { method: 'POST', body: new Uint8Array(body), headers })
    .finally(() => {
      isUnderWay = false;
    });
  let waitedMs = 0;
  while (isUnderWay) {
    const asked = performance.now();
    const { status } = await test.call('/api/v1/metrics', victim.keys.read);
    expect(status).toBe(200);
    waitedMs = Math.max(waitedMs, performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { ...(await answer), waitedMs };
}

const csv = { 'Content-Type': 'text/csv' };
const csvGz = { 'Content-Type': 'text/csv', 'Content-Encoding': 'gzip' };
const zipOf = (files: Record<string, string>, options: ZipOptions = { level: 9 }) =>
  zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
    options,
  );
const gzip = (body: string | Uint8Array) => new Uint8Array(gzipSync(body, { level: 9 }));

const wide = (columns: number, header = 'a') => `date,${Array(columns).fill(header).join(',')}\n`;
const WORKOUTS = 'Workout Type,Start,End\n';

describe.each(['/api/v1/check', '/api/v1/sync'])('posted to %s', (path) => {
  it('a table of 1,900 columns and 320,000 rows of one cell, in a kilobyte', async () => {
    const body = gzip(wide(1_900) + '1,\n'.repeat(320_000));
    expect(body.length).toBeLessThan(1_000);
    const { status, body: answer, waitedMs } = await post(path, body, csvGz);
    expect(waitedMs).toBeLessThan(MAX_WAIT_MS);
    expect(status).toBe(200);
    expect(answer.data.issues).toMatchObject([{ code: 'file_not_readable' }]);
  });

  it('a table of 1,900 columns and 80,000 dated rows of one cell', async () => {
    const body = gzip(wide(1_900) + '2026-03-02,1\n'.repeat(80_000));
    const { status, waitedMs } = await post(path, body, csvGz);
    expect(waitedMs).toBeLessThan(MAX_WAIT_MS);
    expect(status).toBeLessThan(300);
  });

  it.each([
    [
      'a table of a million empty cells',
      `date,b\n${`2026-03-02${','.repeat(20)}\n`.repeat(50_000)}`,
      'table_too_many_cells',
      '1,000,000 cells (MAX_TABLE_CELLS)',
    ],
    [
      'a table of 300,000 columns',
      wide(300_000),
      'table_too_many_columns',
      '2,000 columns (MAX_TABLE_COLUMNS)',
    ],
    [
      'a header of blanks and brackets',
      `date,${'[ '.repeat(40_000)}x\n2026-03-02,1\n`,
      'table_header_too_long',
      '200 characters (MAX_HEADER_CHARACTERS)',
    ],
    [
      'a quote that is never closed',
      `date,b\n"${'a\n'.repeat(900_000)}`,
      'table_cell_too_long',
      '1,000 characters (MAX_CELL_CHARACTERS)',
    ],
  ])('%s', async (_, table, code, limit) => {
    const { status, body, waitedMs } = await post(path, strToU8(table), csv);
    expect(waitedMs).toBeLessThan(MAX_WAIT_MS);
    expect(status).toBe(200);
    expect(body.data.issues).toEqual([
      expect.objectContaining({ code, message: expect.stringContaining(limit) }),
    ]);
  });

  it.each([
    [
      'names of 64 KB that nearly fit',
      { [`${'a-'.repeat(32_000)}.csv`]: 'x' },
      'file_name_too_long',
      '255 characters',
    ],
    [
      'ten tables with headers of blanks',
      Object.fromEntries(
        Array.from({ length: 10 }, (_, i) => [
          `${i}.csv`,
          `date,${'[ '.repeat(9_000)}x\n2026-03-02,1\n`,
        ]),
      ),
      'table_header_too_long',
      'MAX_HEADER_CHARACTERS',
    ],
    [
      'a track of 200,000 levels',
      { 'Run-Route-20260302_120110.gpx': `<gpx>${'<a>'.repeat(200_000)}` },
      'file_not_readable',
      '',
    ],
    [
      'a track of one tag with 100,000 attributes',
      {
        'Run-Route-20260302_120110.gpx': `<gpx ${Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(' ')}>`,
      },
      'file_not_readable',
      '',
    ],
    [
      'a track whose entities multiply',
      {
        'Run-Route-20260302_120110.gpx': `<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(100)}">]><gpx><trk><trkseg><trkpt lat="1" lon="1"><ele>${'&b;'.repeat(100)}</ele></trkpt></trkseg></trk></gpx>`,
      },
      'file_not_readable',
      '',
    ],
  ])('a zip of %s', async (_, files, code, limit) => {
    const { status, body, waitedMs } = await post(path, zipOf(files), {});
    expect(waitedMs).toBeLessThan(MAX_WAIT_MS);
    expect(status).toBe(200);
    expect(body.data.issues).toContainEqual(
      expect.objectContaining({ code, message: expect.stringContaining(limit) }),
    );
  });

  it('a zip of 65,535 files, none of them anything', async () => {
    const files = Object.fromEntries(Array.from({ length: 65_535 }, (_, i) => [`${i}`, '']));
    const { status, body, waitedMs } = await post(path, gzip(zipOf(files, { level: 0 })), {
      'Content-Encoding': 'gzip',
    });
    expect(waitedMs).toBeLessThan(MAX_WAIT_MS);
    expect([status, body.error]).toEqual([413, 'body_too_large']);
    expect(body.detail).toContain('10,000 files (MAX_FILES)');
  });

  it('600 workouts and 9,000 parts that are none of theirs', async () => {
    const workouts = Array.from(
      { length: 600 },
      (_, i) => `Run ${i},2026-03-02 12:01:10,2026-03-02 12:33:40\n`,
    );
    const parts = Array.from({ length: 9_000 }, (_, i) => [
      `Walk-Heart Rate-20260302_${String(100_000 + i)}.csv`,
      'date,b\n2026-03-02,1\n',
    ]);
    const body = zipOf(
      {
        'Workouts.csv': WORKOUTS + workouts.join(''),
        ...Object.fromEntries(parts),
      },
      { level: 0 },
    );
    const { status, waitedMs } = await post(path, gzip(body), { 'Content-Encoding': 'gzip' });
    expect(waitedMs).toBeLessThan(MAX_WAIT_MS);
    expect(status).toBeLessThan(300);
  });

  it('tables of short rows that would be gigabytes of JSON', async () => {
    const table = `date,${'h'.repeat(190)}\n${'2026-03-02,1\n'.repeat(100_000)}`;
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`Run-Heart Rate-20260302_1201${i + 10}.csv`, table]),
    );
    const workouts = Object.keys(files).map(
      (_, i) => `Run,2026-03-02 12:01:${i + 10},2026-03-02 13:01:10\n`,
    );
    const body = zipOf({ ...files, 'Workouts.csv': WORKOUTS + workouts.join('') });
    const { status, body: answer, waitedMs } = await post(path, body, {});
    expect(waitedMs).toBeLessThan(MAX_WAIT_MS);
    expect([status, answer.error]).toEqual([
      413,
      expect.stringMatching(/body_too_large|expansion_refused/),
    ]);
  });
});

it('a number of half a million digits is no number, and takes no time', async () => {
  const body = JSON.stringify({
    data: {
      metrics: [
        { name: 'step_count', data: [{ date: '2026-03-02', qty: `${'1'.repeat(500_000)}x` }] },
      ],
    },
  });
  const { status, body: answer, waitedMs } = await post('/api/v1/sync', strToU8(body), {});
  expect(waitedMs).toBeLessThan(MAX_WAIT_MS);
  expect(status).toBe(200);
  expect(answer.data.totals).toMatchObject({ received: 1, set_aside: 1 });
});

it('after all that the server is the same process, and takes an upload', async () => {
  const table = 'Date/Time,Step Count (steps)\n2026-03-02 00:00:00,8000\n';
  const receipt = await test.upload(victim, table, { 'Content-Type': 'text/csv' });
  expect(receipt.totals).toMatchObject({ received: 1, inserted: 1 });
});
