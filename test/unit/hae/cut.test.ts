import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cutter } from '../../../src/hae/cut.ts';
import { readSlice } from '../../../src/hae/payload.ts';
import { InvalidJson } from '../../../src/hae/scan.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function cut(body: Uint8Array, sliceBytes: number, pieceBytes = body.length || 1) {
  const cutter = new Cutter({ sliceBytes });
  for (let i = 0; i < body.length; i += pieceBytes) cutter.push(body.subarray(i, i + pieceBytes));
  return cutter.end();
}

/** Every item of a body by its pointer, as its slices give them back. */
function itemsOf(body: Uint8Array, sliceBytes: number, pieceBytes?: number) {
  const items: [pointer: string, item: unknown, metric: unknown][] = [];
  for (const slice of cut(body, sliceBytes, pieceBytes).slices) {
    for (const block of readSlice(body.subarray(slice.start, slice.end), slice)) {
      block.items.forEach((item, i) => {
        items.push([block.pointers(i), item, block.metric?.name]);
      });
    }
  }
  return items;
}

function offsetOf(text: string | Uint8Array): number {
  try {
    cut(typeof text === 'string' ? encode(text) : text, 100);
  } catch (error) {
    if (error instanceof InvalidJson) return error.offset;
    throw error;
  }
  return -1;
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const point = fc.oneof(
  fc.record({ qty: fc.double({ noNaN: true }), source: text }, { requiredKeys: [] }),
  fc.jsonValue({ maxDepth: 2 }),
);
/** A metric whose members stand in any order, as on the wire. */
const metric = fc
  .record(
    {
      name: text,
      units: text,
      data: fc.oneof(fc.array(point, { maxLength: 8 }), fc.constant(null)),
    },
    { requiredKeys: [] },
  )
  .chain((record) => fc.shuffledSubarray(Object.entries(record)))
  .map((members) => Object.fromEntries(members));
const sections = fc.record(
  {
    metrics: fc.array(fc.oneof({ weight: 9, arbitrary: metric }, { weight: 1, arbitrary: point })),
    workouts: fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 }),
    ecg: fc.constantFrom(null, 3, 'x', {}),
    'new/section~': fc.array(fc.integer(), { maxLength: 5 }),
  },
  { requiredKeys: [] },
);
const payload = fc.oneof(
  sections.map((data) => ({ data })),
  fc.record({ data: sections, workouts: fc.array(fc.integer()), version: fc.integer() }),
  fc.record({ metrics: fc.array(metric) }),
);
const body = fc
  .tuple(payload, fc.constantFrom(undefined, 1, '\t'))
  .map(([value, indent]) => encode(JSON.stringify(value, null, indent)));

describe('cutting a body into slices', () => {
  it('keeps every item once, at its place and under its metric, however it is sliced and delivered', () => {
    fc.assert(
      fc.property(
        body,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 64 }),
        (bytes, sliceBytes, pieceBytes) => {
          const sliced = itemsOf(bytes, sliceBytes, pieceBytes);
          expect(sliced).toEqual(itemsOf(bytes, Number.POSITIVE_INFINITY));
          expect(sliced).toHaveLength(cut(bytes, sliceBytes).items);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps to the slice size, but for an element that is larger by itself', () => {
    const small = Array.from({ length: 40 }, (_, i) => ({ qty: i }));
    const large = { qty: 1, padding: 'x'.repeat(500) };
    const bytes = encode(
      JSON.stringify({ data: { metrics: [{ data: [...small, large, ...small], name: 'a' }] } }),
    );
    const sizes = cut(bytes, 100).slices.map(({ start, end }) => end - start);
    expect(sizes.filter((size) => size > 100)).toEqual([JSON.stringify(large).length]);
  });

  it('gives a slice the name and unit that come only after its points', () => {
    const data = Array.from({ length: 20 }, (_, qty) => ({ qty }));
    const bytes = encode(
      JSON.stringify({ data: { metrics: [{ data, name: 'late', units: 'kg' }] } }),
    );
    const { slices } = cut(bytes, 50);
    expect(slices.length).toBeGreaterThan(3);
    expect(slices[1]?.opening).toBe('{"data":{"metrics":[{"name":"late","units":"kg","data":[');
  });

  it('makes the same slices of the same body, so that a repetition can be dispatched again', () => {
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 64 }), (bytes, pieceBytes) => {
        expect(cut(bytes, 64, pieceBytes)).toEqual(cut(bytes, 64));
      }),
    );
  });

  it('reads keys that are written with escapes', () => {
    expect(
      itemsOf(encode('{"d\\u0061ta":{"metric\\u0073":[{"name":"a","data":[1]}]}}'), 9),
    ).toEqual([['/data/metrics/0/data/0', 1, 'a']]);
  });

  it('skips a byte order mark', () => {
    expect(cut(encode('\ufeff{"data":{}}'), 100).isPayload).toBe(true);
  });

  it('tells a payload from other JSON', () => {
    expect(cut(encode('{}'), 100).isPayload).toBe(false);
    expect(cut(encode('{"hello":[1]}'), 100).isPayload).toBe(false);
    expect(cut(encode('{"data":null}'), 100).isPayload).toBe(true);
    expect(cut(encode('{"workouts":[]}'), 100).isPayload).toBe(true);
  });

  it('takes elements that are nested 10,000 deep', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    expect(cut(encode(`{"data":{"metrics":[{"name":"a","data":[${deep}]}]}}`), 100).items).toBe(1);
  });
});

describe('a body that is not sound JSON is refused at the byte where it shows', () => {
  it.each([
    ['empty', '', 0],
    ['blank', '  ', 2],
    ['a number', ' 5', 1],
    ['a word', 'hello', 0],
    ['cut off in a string', '{"data":{"me', 12],
    ['cut off in an element', '{"data":{"metrics":[{"data":[{"qty":', 36],
    ['cut off at the end', '{"data":{}', 10],
    ['closed by the wrong bracket', '{"data":{]', 9],
    ['an element closed by the wrong bracket', '{"data":{"ecg":[{"a":[1}]}', 23],
    ['followed by something', '{"data":{}} x', 12],
    ['a key without quotes', '{data:{}}', 1],
    ['a missing colon', '{"data" {}}', 8],
    ['a missing comma', '{"data":{"ecg":[{} {}]}}', 19],
    ['a comma too many', '{"data":{"ecg":[1,]}}', 18],
    ['a comma before the end of an object', '{"data":{},}', 11],
    ['a comma at the beginning', '{"data":{"ecg":[,1]}}', 16],
    ['a value where a key must be', '{1:2}', 1],
    ['five brackets deep in garbage', '[[[[[%', 6],
  ])('%s', (_, text, offset) => {
    expect(offsetOf(text)).toBe(offset);
  });

  it('nested deeper than anybody means it', () => {
    expect(offsetOf(`{"data":{"ecg":[${'['.repeat(200_000)}`)).toBe(16 + 65_536);
  });
});
