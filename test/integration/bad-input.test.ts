import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AT, chunked, metric, minutes, payload, steps } from './support/payloads.ts';
import { accounts } from './support/receipts.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Above the size from which on the server looks at how much a gzip expands. */
const MAX_BODY_BYTES = 8_000_000;

let test: TestStack;
let ada: Person;
beforeAll(async () => {
  test = await startTestStack({ MAX_BODY_BYTES: String(MAX_BODY_BYTES) });
});
beforeEach(async () => {
  ada = await test.newPerson();
});
afterAll(() => test.stack.stop());

/** A good upload works as if nothing had happened, and only its rows are there. */
async function nothingWasHarmed() {
  const receipt = await test.upload(ada, payload(steps(...minutes(3, 'after'))));
  expect(receipt.totals).toMatchObject({ received: 3, inserted: 3 });
  const rows = await test.rows(ada);
  expect(rows.filter(({ source }) => source === 'after')).toHaveLength(3);
  return rows.filter(({ source }) => source !== 'after');
}

const good = { qty: 1, date: AT, source: 'Watch' };
const monthly = Array.from({ length: 12 * 10 }, (_, month) => ({
  ...good,
  date: new Date(Date.UTC(2016, month, 5)).toISOString(),
}));
const deep = '['.repeat(10_000) + ']'.repeat(10_000);
/** Larger than one slice, so that it takes the way through the queue. */
const large = JSON.stringify({ data: { metrics: [steps(...minutes(12_000))] } });

/** The last eight bytes of a gzip are the CRC-32 of what it holds, and its length. */
function wrongChecksum(text: string): Buffer<ArrayBuffer> {
  const packed = Buffer.from(gzipSync(text));
  packed.writeUInt32LE(packed.readUInt32LE(packed.length - 8) ^ 1, packed.length - 8);
  return packed;
}

/** Sends the beginning of a body, and hangs up. */
async function hangUp(declared: number, sent: string): Promise<void> {
  const { port, hostname } = new URL(test.stack.url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  const head = [
    'POST /api/v1/sync HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${ada.keys.ing}`,
    `Content-Length: ${declared}`,
  ];
  await new Promise((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n${sent}`, resolve));
  await setTimeout(300);
  socket.destroy();
  await setTimeout(300);
}

describe('a body that is refused', () => {
  it.each([
    ['empty', '', 'invalid_json', 0],
    ['an empty list', '[]', 'no_payload', 0],
    ['an object of something else', '{}', 'no_payload', 0],
    ['five deep in garbage', '[[[[[%', 'invalid_json', 6],
    ['a word', 'hello', 'invalid_json', 0],
    ['cut off', payload(steps(good)).slice(0, 40), 'invalid_json', 40],
    ['unbalanced', '{"data":{"metrics":[{]}}', 'invalid_json', 21],
    ['large and cut off', large.slice(0, -2), 'invalid_json', large.length - 2],
  ])('%s: it is kept for diagnosis, and nothing of it is stored', async (_, body, code, offset) => {
    const answer = await test.post(ada, body);
    expect([answer.status, answer.body.error]).toEqual([400, code]);
    expect(answer.body.errors).toEqual([{ pointer: '', code, message: `byte ${offset}` }]);
    expect(await test.archived(ada)).toEqual([expect.stringMatching(`^rejected/${ada.id}/`)]);
    expect(await test.receipts(ada)).toBe(0);
    expect(await nothingWasHarmed()).toEqual([]);
  });

  it.each([
    ['too large, as it says itself', 'x'.repeat(MAX_BODY_BYTES + 1), {}, 413, 'body_too_large'],
    [
      'too large, as shows only on the way',
      chunked('x'.repeat(MAX_BODY_BYTES + 1)),
      {},
      413,
      'body_too_large',
    ],
    [
      'too large once it is unpacked',
      gzipSync(large.padEnd(MAX_BODY_BYTES + 1)),
      'gzip',
      413,
      'body_too_large',
    ],
    ['a bomb', gzipSync('x'.repeat(200_000_000)), 'gzip', 413, 'expansion_refused'],
    ['no gzip, though it says so', payload(), 'gzip', 400, 'invalid_gzip'],
    ['half a gzip', gzipSync(large).subarray(0, 5000), 'gzip', 400, 'invalid_gzip'],
    ['a gzip without its end', gzipSync(large).subarray(0, -8), 'gzip', 400, 'invalid_gzip'],
    ['a gzip with a wrong checksum', wrongChecksum(large), 'gzip', 400, 'invalid_gzip'],
    [
      'no more than the beginning of a gzip',
      gzipSync('{}').subarray(0, 6),
      'gzip',
      400,
      'invalid_gzip',
    ],
    ['packed in another way', payload(), 'br', 415, 'encoding_not_supported'],
  ])('%s: nothing of it is kept', async (_, body, encoding, status, code) => {
    const headers = typeof encoding === 'string' ? { 'Content-Encoding': encoding } : {};
    const answer = await test.post(ada, body, headers as Record<string, string>);
    expect([answer.status, answer.body.error]).toEqual([status, code]);
    expect(await test.archived(ada)).toEqual([]);
    expect(await test.receipts(ada)).toBe(0);
    expect(await nothingWasHarmed()).toEqual([]);
  });
});

describe('a body whose sender hangs up', () => {
  it.each([
    ['small', 1_000, payload(steps(good))],
    ['large', large.length + 1, large],
  ])('%s: nothing of it is kept', async (_, declared, sent) => {
    await test.upload(ada, payload());
    const before = await test.archived(ada);
    await hangUp(declared, sent);
    expect(await test.archived(ada)).toEqual(before);
    expect(await test.receipts(ada)).toBe(1);
    expect(await nothingWasHarmed()).toEqual([]);
  });
});

describe('a body that is odd', () => {
  it.each([
    ['an empty payload', '{"data":{}}', 0, []],
    ['data that is null', '{"data":null}', 0, []],
    ['a byte order mark', `\ufeff${payload(steps(good))}`, 1, []],
    ['a metric without points', payload(steps()), 0, []],
    ['a metric whose points are null', '{"data":{"metrics":[{"name":"a","data":null}]}}', 0, []],
    ['an unknown metric', payload(metric('Mood Ring', 'hue', [good])), 1, []],
    ['an unknown unit', payload(metric('step_count', 'leagues', [good])), 1, ['unit_unknown']],
    ['the same metric twice', payload(steps(good), steps(good)), 1, []],
    ['two points of one moment', payload(steps(good, { ...good, qty: 2 })), 1, []],
    ['numbers as text', payload(steps({ ...good, qty: '12.5' })), 1, []],
    [
      'a date without offset',
      payload(steps({ ...good, date: '2026-03-02 07:41:00' })),
      1,
      ['offset_missing'],
    ],
    [
      '10,000 brackets deep',
      `{"data":{"metrics":[{"name":"a","data":[${deep}]}]}}`,
      0,
      ['unrecognised_shape'],
    ],
    ['NaN', payload(steps(good)).replace('"qty":1', '"qty":NaN'), 0, ['invalid_json']],
    ['1e400', payload(steps(good)).replace('"qty":1', '"qty":1e400'), 0, ['value_not_finite']],
    ['a key twice', payload(steps(good)).replace('"qty":1', '"qty":1,"qty":2'), 1, []],
    ['half a surrogate pair', payload(steps(good)).replace('Watch', '\\ud800'), 1, []],
    ['NUL in a source', payload(steps(good)).replace('Watch', 'Wat\\u0000ch'), 1, []],
    ['a source of 200 characters', payload(steps({ ...good, source: 'é'.repeat(200) })), 1, []],
    [
      'a source of 2,000 characters',
      payload(steps({ ...good, source: 'é'.repeat(2000) })),
      0,
      ['text_too_long'],
    ],
    [
      'the year 1',
      payload(steps({ ...good, date: '0001-01-01 00:00:00 +0000' })),
      0,
      ['implausible_date'],
    ],
    [
      'the year 9999',
      payload(steps({ ...good, date: '9999-12-31 00:00:00 +0000' })),
      0,
      ['implausible_date'],
    ],
    [
      'fifty years ahead',
      payload(steps({ ...good, date: '2076-01-01 00:00:00 +0000' })),
      0,
      ['implausible_date'],
    ],
    [
      '30 February',
      payload(steps({ ...good, date: '2026-02-30 00:00:00 +0000' })),
      0,
      ['invalid_date'],
    ],
    [
      'elements without a date',
      '{"data":{"workouts":[{}],"ecg":[{}]}}',
      0,
      ['date_missing', 'date_missing'],
    ],
    ['a section named with NUL', '{"data":{"a\\u0000b":[1]}}', 0, ['section_not_supported']],
    ['a section named by half a pair', '{"data":{"\\ud800":[1]}}', 0, ['section_not_supported']],
    ['a section named like a trap', '{"data":{"__proto__":[1]}}', 0, ['section_not_supported']],
    ['a point every month of ten years', payload(steps(...monthly)), monthly.length, []],
    ['a section with NUL in its name', '{"data":{"a\\u0000b":[1]}}', 0, ['section_not_supported']],
    ['a section with half a character', '{"data":{"\\ud800":[1]}}', 0, ['section_not_supported']],
    [
      'a section with an endless name',
      `{"data":{"${'x'.repeat(5000)}":[1]}}`,
      0,
      ['section_not_supported'],
    ],
    ['a metric named like a trap', payload(metric('__proto__', '', [good])), 1, []],
  ])('%s: the receipt says what became of it', async (_, body, stored, codes) => {
    const receipt = await test.upload(ada, body);
    expect(accounts(receipt)).toBe(true);
    expect(receipt.issues.map(({ code }) => code)).toEqual(codes);
    expect(receipt.status).toBe(codes.length > 0 ? 'stored_with_issues' : 'stored');
    expect(await nothingWasHarmed()).toHaveLength(stored);
  });

  it('names of the greatest length are stored, or set aside', async () => {
    // No two letters alike, so that the database cannot make them shorter.
    const letters = (count: number, from: number) =>
      String.fromCharCode(...Array.from({ length: count }, (_, i) => from + ((i * 37) % 1_000)));
    const point = { ...good, source: letters(500, 0x4e00), mealTime: letters(200, 0x5200) };
    const body = payload(metric(letters(200, 0x5600), letters(100, 0x5a00), [point]));
    const answer = await test.post(ada, body);
    expect([answer.status, answer.body.error]).toEqual([200, undefined]);
    expect(accounts(answer.body.data)).toBe(true);
    await nothingWasHarmed();
  });

  it('bytes that are not UTF-8 are read as replacement characters', async () => {
    const body = Buffer.from(payload(steps(good)).replace('Watch', 'Wat\u00ffch'), 'latin1');
    await test.upload(ada, body);
    expect(await nothingWasHarmed()).toMatchObject([{ source: 'Wat\ufffdch' }]);
  });

  it.each(['text/plain', 'application/octet-stream', 'nonsense'])(
    'its type does not matter: %s',
    async (type) => {
      const receipt = await test.upload(ada, payload(steps(good)), { 'Content-Type': type });
      expect(receipt.totals.inserted).toBe(1);
    },
  );
});

describe('one bad item among many', () => {
  const bad = { ...good, date: 'the day before' };

  it.each([
    ['in a small body', 1_000],
    ['in a large one', 12_000],
  ])('is set aside by itself %s', async (_, count) => {
    const points = minutes(count);
    points.splice(700, 0, bad);
    const receipt = await test.upload(ada, payload(steps(...points)));
    expect(receipt.totals).toMatchObject({ received: count + 1, inserted: count, set_aside: 1 });
    expect(receipt.issues).toEqual([
      {
        pointer: '/data/metrics/0/data/700',
        code: 'invalid_date',
        message: 'The date is not one this server can read.',
      },
    ]);
    expect(await nothingWasHarmed()).toHaveLength(count);
  });

  it.each([
    ['in a small body', 1_000],
    ['in a large one', 12_000],
  ])('is set aside by itself if it is not even JSON, %s', async (_, count) => {
    const [from, to] = [`"qty":${count - 100},`, '"qty":NaN,'];
    const receipt = await test.upload(ada, payload(steps(...minutes(count))).replace(from, to));
    expect(receipt.totals).toMatchObject({ received: count, inserted: count - 1, set_aside: 1 });
    expect(receipt.issues).toMatchObject([
      { pointer: `/data/metrics/0/data/${count - 100}`, code: 'invalid_json' },
    ]);
  });

  it('may be larger than a slice', async () => {
    const points = minutes(6_000);
    points.splice(3_000, 0, { ...good, source: 'Large', padding: 'x'.repeat(2_000_000) });
    const receipt = await test.upload(ada, payload(steps(...points)));
    expect(receipt.totals).toMatchObject({ received: 6_001, inserted: 6_001 });
  });

  it('shows the first hundred of many, and counts the rest', async () => {
    const receipt = await test.upload(
      ada,
      payload(
        ...Array.from({ length: 10 }, (_, i) => metric(`name_${i}`, 'x', Array(25).fill(bad))),
      ),
    );
    expect(receipt.issues).toHaveLength(100);
    expect(receipt.issues_total).toBe(250);
    expect(receipt.totals.set_aside).toBe(250);
  });
});
