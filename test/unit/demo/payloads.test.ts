import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BodySpec,
  bodyFile,
  metricsBody,
  SMALL_SAMPLES,
  samplesOf,
  smallSync,
} from '../../../bench/payloads.ts';
import { type Body, pointKeys, pointsOf } from './bodies.ts';

const spec: BodySpec = { bytes: 1_000_000, seed: 4 };

const textOf = (asked: BodySpec): string => Buffer.concat([...metricsBody(asked)]).toString();
const read = (asked: BodySpec): Body => JSON.parse(textOf(asked));

describe('a large body', () => {
  const body = read(spec);

  it.each([1e6, 5e6])('comes out within 2 %% of %d bytes', (bytes) => {
    let size = 0;
    for (const chunk of metricsBody({ bytes, seed: 1 })) size += chunk.length;
    expect(Math.abs(size - bytes) / bytes).toBeLessThan(0.02);
  });

  it('has as many points as it says, all different, of six metrics and two sources', () => {
    const keys = pointKeys(body);
    expect(keys).toHaveLength(samplesOf(spec));
    expect(new Set(keys).size).toBe(keys.length);
    expect(body.data.metrics).toHaveLength(6);
    expect(new Set(pointsOf(body).map(({ point }) => point.source)).size).toBe(2);
  });

  it('spans three years', () => {
    const times = pointsOf(body).map(({ point }) => Date.parse(`${point.date}`));
    const days =
      (times.reduce((a, b) => Math.max(a, b)) - times.reduce((a, b) => Math.min(a, b))) /
      86_400_000;
    expect(days).toBeGreaterThan(1090);
    expect(days).toBeLessThan(1096);
  });

  it('comes in chunks of a constant size', () => {
    const chunks = [...metricsBody(spec)].map(({ length }) => length);
    expect(Math.max(...chunks)).toBeLessThan(100_000);
    expect(chunks.length).toBeGreaterThan(10);
  });

  it('depends on the seed alone', () => {
    expect(textOf(spec)).toBe(textOf({ ...spec }));
    expect(textOf(spec)).not.toBe(textOf({ ...spec, seed: 5 }));
  });

  it('has the same points when shuffled, in another order of everything', () => {
    const shuffled = read({ ...spec, shuffled: true });
    const whole = (b: Body) =>
      pointsOf(b)
        .map(({ metric, point }) => [metric, ...Object.entries(point).map(String).sort()].join())
        .sort();
    expect(whole(shuffled)).toEqual(whole(body));
    expect(pointKeys(shuffled).slice(0, 100)).not.toEqual(pointKeys(body).slice(0, 100));
    expect(Object.keys(shuffled.data.metrics?.[0] ?? {})).toEqual(['data', 'name', 'units']);
    expect(shuffled.data.metrics?.map(({ name }) => name)).toEqual(
      body.data.metrics?.map(({ name }) => name).reverse(),
    );
  });
});

describe('a body as a file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'payloads-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is made once and knows its size', async () => {
    const made = await bodyFile(spec, folder);
    const text = await readFile(made.path, 'utf8');
    expect(text).toBe(textOf(spec));
    expect(made).toMatchObject({ bytes: Buffer.byteLength(text), samples: samplesOf(spec) });
    expect(await bodyFile(spec, folder)).toEqual(made);
  });
});

describe('a small body', () => {
  const small = (i: number): Body => JSON.parse(new TextDecoder().decode(smallSync(i)));

  it('has about 30 KB and six points of each of sixty metrics', () => {
    for (const i of [0, 1, 9999]) {
      expect(smallSync(i).length).toBeGreaterThan(27_000);
      expect(smallSync(i).length).toBeLessThan(35_000);
    }
    expect(small(0).data.metrics).toHaveLength(60);
    expect(pointsOf(small(0))).toHaveLength(SMALL_SAMPLES);
  });

  it('shares no point with any other', () => {
    const keys = [0, 1, 2, 3].flatMap((i) => pointKeys(small(i)));
    expect(new Set(keys).size).toBe(4 * SMALL_SAMPLES);
  });
});
