import { describe, expect, it } from 'vitest';
import type { DecodeContext } from '../../../src/hae/context.ts';
import { Cutter } from '../../../src/hae/cut.ts';
import { decode, refuseLarge } from '../../../src/hae/decode.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const AT = '2026-03-02 07:41:00 +0100';

const CONTEXT: DecodeContext = {
  receivedAt: NOW,
  timeZone: 'Europe/Vienna',
  grouping: 'minutes',
  partialBuckets: false,
};

function decodeText(text: string, context: Partial<DecodeContext> = {}) {
  const bytes = new TextEncoder().encode(text);
  const cutter = new Cutter({ sliceBytes: Number.POSITIVE_INFINITY });
  cutter.push(bytes);
  const [slice] = cutter.end().slices;
  if (slice === undefined) throw new Error('no slice');
  return decode(bytes, slice, { ...CONTEXT, ...context });
}

const decodeMetrics = (metrics: unknown[], context?: Partial<DecodeContext>) =>
  decodeText(JSON.stringify({ data: { metrics } }), context);

const steps = (...data: unknown[]) => ({ name: 'step_count', units: 'count', data });

/** Codes and pointers of all that was said. */
const said = ({ issues }: ReturnType<typeof decodeText>) =>
  issues.map(({ code, pointer }) => [code, pointer]);

describe('points of a metric', () => {
  it('reads a quantity, with its end and its source', () => {
    const { samples } = decodeMetrics([
      steps({ qty: 11.5, date: AT, end: '2026-03-02 07:42:00 +0100', source: ' Ada’s\u00a0Watch' }),
    ]);
    expect(samples).toEqual([
      {
        series: {
          metric: 'step_count',
          source: 'Ada’s Watch',
          displayName: 'Ada’s\u00a0Watch',
          grouping: 'minutes',
          context: '',
          unit: 'count',
        },
        raiseOnly: false,
        rows: [
          {
            recordedAt: Date.parse('2026-03-02T06:41:00Z'),
            value: 11.5,
            min: null,
            max: null,
            endedAt: Date.parse('2026-03-02T06:42:00Z'),
          },
        ],
      },
    ]);
  });

  it.each([
    ['capital keys', { Min: 58, Avg: 63, Max: 71 }, [63, 58, 71]],
    ['lower case keys', { min: 58, avg: 63, max: 71 }, [63, 58, 71]],
    ['a plain quantity', { qty: 63 }, [63, null, null]],
    ['numbers as strings', { Min: '58', Avg: '63', Max: '71' }, [63, 58, 71]],
    ['no average', { Min: 58, Max: 72 }, [65, 58, 72]],
    ['only an average', { Avg: 60 }, [60, 60, 60]],
  ])('reads heart rate with %s', (_, numbers, expected) => {
    const { samples } = decodeMetrics([
      { name: 'heart_rate', units: 'bpm', data: [{ ...numbers, date: AT }] },
    ]);
    const row = samples[0]?.rows[0];
    expect([row?.value, row?.min, row?.max]).toEqual(expected);
  });

  it('says so when it had to take the middle of a range', () => {
    const decoded = decodeMetrics([
      { name: 'heart_rate', units: 'bpm', data: [{ Min: 58, Max: 72, date: AT }] },
    ]);
    expect(said(decoded)).toEqual([['average_missing', '/data/metrics/0/data/0']]);
  });

  it('reads blood pressure whole, and joins its halves where they come apart', () => {
    const { pressures, counts } = decodeMetrics([
      { name: 'blood_pressure', units: 'mmHg', data: [{ systolic: 118, diastolic: 76, date: AT }] },
      {
        name: 'blood_pressure_systolic',
        units: 'kPa',
        data: [{ qty: 16, date: '2026-03-02T00:00:00Z' }],
      },
      {
        name: 'blood_pressure_diastolic',
        units: 'mmHg',
        data: [{ qty: 80, date: '2026-03-02T00:00:00Z' }],
      },
    ]);
    expect(pressures.flatMap(({ rows }) => rows)).toEqual([
      {
        recordedAt: Date.parse('2026-03-02T00:00:00Z'),
        systolic: expect.closeTo(120.01, 1),
        diastolic: 80,
        pulse: null,
      },
      { recordedAt: Date.parse('2026-03-02T06:41:00Z'), systolic: 118, diastolic: 76, pulse: null },
    ]);
    expect(counts.get('blood_pressure')).toMatchObject({ received: 3, unchanged: 1 });
  });

  it('keeps glucose values of different meal times apart, in one unit', () => {
    const { samples } = decodeMetrics([
      {
        name: 'blood_glucose',
        units: 'mg/dL',
        data: [
          { qty: 99.0858, mealTime: 'Before Meal', date: AT },
          { qty: 108.0936, mealTime: 'After Meal', date: AT },
          { qty: 90.078, mealTime: 'Unspecified', date: AT },
        ],
      },
    ]);
    expect(
      samples.map(({ series, rows }) => [series.context, series.unit, rows[0]?.value]),
    ).toEqual([
      ['Before Meal', 'mmol/L', expect.closeTo(5.5, 6)],
      ['After Meal', 'mmol/L', expect.closeTo(6, 6)],
      ['', 'mmol/L', expect.closeTo(5, 6)],
    ]);
  });

  it('merges a metric that stands twice, under whatever alias', () => {
    const point = { qty: 1, date: AT };
    const { samples, counts } = decodeMetrics([
      steps(point),
      { name: 'Steps', units: 'steps', data: [point] },
    ]);
    expect(samples).toHaveLength(1);
    expect(samples[0]?.rows).toHaveLength(1);
    expect(counts.get('step_count')).toMatchObject({ received: 2, unchanged: 1 });
  });

  it('keeps the greater of two values for one moment, whatever their order', () => {
    const points = [
      { qty: 5, date: AT },
      { qty: 9, date: '2026-03-02 06:41:00 +0000' },
      { qty: 7, date: AT },
    ];
    for (const data of [points, points.toReversed()]) {
      expect(decodeMetrics([steps(...data)]).samples[0]?.rows.map(({ value }) => value)).toEqual([
        9,
      ]);
    }
  });

  it('lets partial buckets of sums only raise what is stored', () => {
    const metrics = [
      steps({ qty: 1, date: AT }),
      { name: 'heart_rate', units: 'bpm', data: [{ qty: 60, date: AT }] },
    ];
    const { samples } = decodeMetrics(metrics, { partialBuckets: true });
    expect(samples.map(({ series, raiseOnly }) => [series.metric, raiseOnly])).toEqual([
      ['step_count', true],
      ['heart_rate', false],
    ]);
  });
});

describe('names and units', () => {
  it('takes a metric it has never heard of, with its unit as it came', () => {
    const { samples, issues } = decodeMetrics([
      { name: 'Mood Ring+', units: 'hues', data: [{ qty: 3, date: AT }] },
    ]);
    expect(samples[0]?.series).toMatchObject({ metric: 'mood_ring', unit: 'hues' });
    expect(issues).toEqual([]);
  });

  it('keeps values with an unknown unit apart, and says so once', () => {
    const decoded = decodeMetrics([
      {
        name: 'weight_body_mass',
        units: 'stones of yore',
        data: [
          { qty: 11, date: AT },
          { qty: 12, date: '2026-03-01 07:41:00 +0100' },
        ],
      },
    ]);
    expect(decoded.samples[0]?.series.unit).toBe('stones of yore');
    expect(decoded.issues).toEqual([
      expect.objectContaining({
        code: 'unit_unknown',
        message: expect.stringContaining('2 times'),
      }),
    ]);
  });

  it('takes a missing unit for the usual one', () => {
    const { samples } = decodeMetrics([{ name: 'step_count', data: [{ qty: 3, date: AT }] }]);
    expect(samples[0]?.series.unit).toBe('count');
  });

  it.each([
    ['without a name', { data: [{ qty: 1, date: AT }] }, 'name_missing'],
    ['with a name that is no text', { name: 5, data: [{ qty: 1, date: AT }] }, 'name_missing'],
    [
      'with a name of nothing but signs',
      { name: '+', data: [{ qty: 1, date: AT }] },
      'name_missing',
    ],
    ['with an endless name', { name: 'x'.repeat(201), data: [1] }, 'text_too_long'],
    ['with an endless unit', { name: 'x', units: 'x'.repeat(101), data: [1] }, 'text_too_long'],
  ])('sets aside the points of a metric %s', (_, metric, code) => {
    const decoded = decodeMetrics([metric]);
    expect(said(decoded)).toEqual([[code, '/data/metrics/0/data/0']]);
    expect(decoded.counts.get('metrics')).toMatchObject({ received: 1, set_aside: 1 });
  });
});

describe('a bad point is set aside by itself', () => {
  const good = { qty: 1, date: AT };
  it.each([
    ['no date', { qty: 1 }, 'date_missing'],
    ['a date that is null', { qty: 1, date: null }, 'date_missing'],
    ['30 February', { qty: 1, date: '2026-02-30 00:00:00 +0000' }, 'invalid_date'],
    ['another order of day and month', { qty: 1, date: '06.02.2024 14:30' }, 'invalid_date'],
    ['the year 1', { qty: 1, date: '0001-01-01 00:00:00 +0000' }, 'implausible_date'],
    ['the year 9999', { qty: 1, date: '9999-12-31 00:00:00 +0000' }, 'implausible_date'],
    ['fifty years ahead', { qty: 1, date: '2076-03-02 00:00:00 +0000' }, 'implausible_date'],
    [
      'an end before all time',
      { qty: 1, date: AT, end: '0001-01-01 00:00:00 +0000' },
      'implausible_date',
    ],
    ['no value', { qty: null, date: AT }, 'value_missing'],
    ['an empty value', { qty: ' ', date: AT }, 'value_missing'],
    ['a word for a value', { qty: 'many', date: AT }, 'value_not_finite'],
    ['a hexadecimal value', { qty: '0x10', date: AT }, 'value_not_finite'],
    ['infinity for a value', { qty: 'Infinity', date: AT }, 'value_not_finite'],
    ['an object for a value', { qty: {}, date: AT }, 'unrecognised_shape'],
    ['half a range', { Min: 5, date: AT }, 'value_missing'],
    ['none of the known fields', { foo: 1, date: AT }, 'unrecognised_shape'],
    ['no object at all', 5, 'unrecognised_shape'],
    ['a night of sleep', { asleep: 7, date: AT }, 'unrecognised_shape'],
    ['an endless source', { qty: 1, date: AT, source: 'x'.repeat(501) }, 'text_too_long'],
    [
      'a source that is endless once normalised',
      { qty: 1, date: AT, source: '\ufdfa'.repeat(100) },
      'text_too_long',
    ],
    ['an endless context', { qty: 1, date: AT, reason: 'x'.repeat(201) }, 'text_too_long'],
    ['two shapes at once', { systolic: 1, diastolic: 2, date: AT }, 'unrecognised_shape'],
  ])('%s', (_, bad, code) => {
    const decoded = decodeMetrics([steps(good, bad, { ...good, date: '2026-03-01T00:00:00Z' })]);
    expect(said(decoded)).toEqual([[code, '/data/metrics/0/data/1']]);
    expect(decoded.counts.get('step_count')).toMatchObject({ received: 3, set_aside: 1 });
    expect(decoded.samples[0]?.rows).toHaveLength(2);
  });

  it('a number beyond all numbers', () => {
    const text = `{"data":{"metrics":[{"name":"step_count","data":[{"qty":1e400,"date":"${AT}"}]}]}}`;
    expect(said(decodeText(text))).toEqual([['value_not_finite', '/data/metrics/0/data/0']]);
  });

  it.each([
    ['NaN', '{"qty":NaN}'],
    ['a word', 'hello'],
    ['a broken string', '{"a":"\n"}'],
    ['a stray comma', '{"qty":1,}'],
  ])('an element that is not JSON: %s', (_, element) => {
    const point = `{"qty":1,"date":"${AT}"}`;
    const text = `{"data":{"metrics":[{"name":"step_count","data":[${point},${element}]}]}}`;
    const decoded = decodeText(text);
    expect(said(decoded)).toEqual([['invalid_json', '/data/metrics/0/data/1']]);
    expect(decoded.samples[0]?.rows).toHaveLength(1);
  });

  it('loses nothing where a key stands twice', () => {
    const point = (day: number) => `{"qty":1,"date":"2026-03-0${day} 00:00:00 +0100"}`;
    const text = `{"data":{"metrics":[{"name":"step_count","data":[${point(1)}],"data":[${point(2)}]}]},
      "data":{"metrics":[{"name":"step_count","data":[{"qty":7,"qty":8,"date":"${AT}"}]}]}}`;
    const decoded = decodeText(text);
    expect(decoded.samples[0]?.rows.map(({ value }) => value)).toEqual([1, 1, 8]);
    expect(decoded.counts.get('step_count')).toMatchObject({ received: 3 });
  });
});

describe('odd texts', () => {
  it('cleans a source of what Postgres refuses', () => {
    const text = `{"data":{"metrics":[{"name":"step_count","data":[
      {"qty":1,"date":"${AT}","source":"A\\u0000da\\ud800"}]}]}}`;
    const { series } = decodeText(text).samples[0] ?? {};
    expect(series?.source).toBe('Ada\ufffd');
  });

  it('stores a source of 200 characters', () => {
    const decoded = decodeMetrics([steps({ qty: 1, date: AT, source: 'é'.repeat(200) })]);
    expect(decoded.samples[0]?.series.source).toHaveLength(200);
  });

  it('reads bytes that are not UTF-8 as replacement characters', () => {
    const [before, after] = [
      `{"data":{"metrics":[{"name":"step_count","data":[{"qty":1,"date":"${AT}","source":"A`,
      '"}]}]}}',
    ].map((text) => new TextEncoder().encode(text));
    const bytes = new Uint8Array([...(before ?? []), 0xff, ...(after ?? [])]);
    const cutter = new Cutter({ sliceBytes: 1e9 });
    cutter.push(bytes);
    const [slice] = cutter.end().slices;
    if (slice === undefined) throw new Error('no slice');
    expect(decode(bytes, slice, CONTEXT).samples[0]?.series.source).toBe('A\ufffd');
  });

  it('reads a date without an offset in the zone of the person, and says so', () => {
    const decoded = decodeMetrics([steps({ qty: 1, date: '2026-03-02 07:41:00' })]);
    expect(decoded.samples[0]?.rows[0]?.recordedAt).toBe(Date.parse('2026-03-02T06:41:00Z'));
    expect(said(decoded)).toEqual([['offset_missing', '/data/metrics/0/data/0']]);
  });
});

describe('what is not a list of points', () => {
  it.each([
    ['an empty payload', '{"data":{}}', []],
    ['data that is null', '{"data":null}', []],
    ['data that is a list', '{"data":[1,2]}', [['section_not_supported', '/data']]],
    ['a metric without points', '{"data":{"metrics":[{"name":"a","data":[]}]}}', []],
    ['a metric whose points are null', '{"data":{"metrics":[{"name":"a","data":null}]}}', []],
    [
      'points that are no list',
      '{"data":{"metrics":[{"name":"a","data":5}]}}',
      [['unrecognised_shape', '/data/metrics/0/data']],
    ],
    [
      'a metric that is no object',
      '{"data":{"metrics":[5]}}',
      [['unrecognised_shape', '/data/metrics/0']],
    ],
    [
      'metrics that are no list',
      '{"data":{"metrics":5}}',
      [['unrecognised_shape', '/data/metrics']],
    ],
    [
      'elements that are nothing',
      '{"data":{"ecg":[1]},"workouts":[{}]}',
      [
        ['unrecognised_shape', '/data/ecg/0'],
        ['date_missing', '/workouts/0'],
      ],
    ],
    ['sections unheard of', '{"data":{"a/b":[1]}}', [['section_not_supported', '/data/a~1b/0']]],
    ['what merely lies about', '{"data":{},"version":5}', []],
  ])('%s', (_, text, expected) => {
    expect(said(decodeText(text))).toEqual(expected);
  });

  it('sets aside what is too large to be read', () => {
    const place = { section: '/data/ecg', element: 3, point: 0 };
    const slice = { number: 1, start: 0, end: 1e9, opening: '', closing: '', items: 1, place };
    expect(said(refuseLarge(slice))).toEqual([['item_too_large', '/data/ecg/3']]);
  });
});

it('of very many series two thousand are stored, and items of the rest are named', () => {
  const data = Array.from({ length: 2_100 }, (_, i) => ({
    qty: 1,
    date: AT,
    source: `Source ${i}`,
  }));
  const again = { qty: 2, date: AT, source: 'Source 7' };
  const text = JSON.stringify({
    data: { metrics: [{ name: 'step_count', units: 'count', data: [...data, again] }] },
  });
  const decoded = decodeText(text);
  expect(decoded.samples).toHaveLength(2_000);
  expect(Object.fromEntries(decoded.issueCounts)).toEqual({ too_many_series: 100 });
  expect(decoded.counts.get('step_count')).toMatchObject({ received: 2_101, set_aside: 100 });
});
