import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeInstant } from '../local/demo/calendar.ts';
import { PHONE, WATCH } from '../local/demo/day.ts';
import { METRICS, type MetricName } from '../local/demo/metrics.ts';

/** Bodies to measure with: of any size, made in constant memory, the same bytes for the same arguments. */

export interface BodySpec {
  /** How large the body should be. It comes out within 2 %. */
  bytes: number;
  seed: number;
  /**
   * The same points with other key orders, metric orders and point orders, names after the points. `'keys'` leaves
   * the points in their order, as the app sends them.
   */
  shuffled?: boolean | 'keys';
  /** Which metrics, and over which time: six over three years, if nothing is said. */
  metrics?: readonly MetricName[];
  begin?: number;
  seconds?: number;
}

const LARGE = [
  'heart_rate',
  'step_count',
  'active_energy',
  'walking_running_distance',
  'respiratory_rate',
  'blood_oxygen_saturation',
] as const satisfies MetricName[];

const SOURCES = [WATCH, PHONE] as const;

const BYTES_A_POINT = 80.75;
const BEGIN = Date.UTC(2023, 0, 1);
const SPAN_SECONDS = 3 * 365 * 86_400;
const CHUNK_CHARACTERS = 65_536;

/** How many points of each metric the body has, half of them of each source. */
const pointsOf = (bytes: number, metrics: number): number =>
  2 * Math.max(1, Math.round(bytes / BYTES_A_POINT / metrics / 2));

export const samplesOf = ({ bytes, metrics = LARGE }: BodySpec): number =>
  metrics.length * pointsOf(bytes, metrics.length);

/**
 * Six metrics by two sources over three years: the larger, the denser. No two points share metric, source and
 * instant.
 */
export function* metricsBody(spec: BodySpec): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for (const part of parts(spec)) {
    text += part;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield encoder.encode(text);
    text = '';
  }
  yield encoder.encode(text);
}

function* parts(spec: BodySpec): Generator<string> {
  const { bytes, seed, shuffled = false, metrics = LARGE } = spec;
  const { begin = BEGIN, seconds = SPAN_SECONDS } = spec;
  const count = pointsOf(bytes, metrics.length);
  const step = Math.floor(seconds / (count / 2)) * 1000;
  const order = shuffled ? metrics.toReversed() : metrics;
  yield '{"data":{"metrics":[';
  for (const [m, name] of order.entries()) {
    const head = `"name":"${name}","units":"${METRICS[name].units}"`;
    yield `${m === 0 ? '' : ','}{${shuffled ? '' : `${head},`}"data":[`;
    for (let i = 0; i < count; i++) {
      const n = shuffled === true ? elsewhere(i, count) : i;
      const at = begin + Math.floor(n / 2) * step;
      const numbers = numbersOf(name, chanceAt(seed, metrics.indexOf(name), n));
      const fields = fieldsOf(numbers, at, SOURCES[n % 2 === 0 ? 0 : 1]);
      yield `${i === 0 ? '' : ','}{${(shuffled ? fields.reverse() : fields).join(',')}}`;
    }
    yield shuffled ? `],${head}}` : ']}';
  }
  yield ']}}';
}

/** A walk over `[0, count)` in large steps that meets each number once: the step is prime and larger than `count`. */
function elsewhere(i: number, count: number): number {
  const step = 15_485_863;
  if (count >= step) throw new RangeError('So large a body cannot be shuffled.');
  return (i * step + 17) % count;
}

/** A number in [0, 1) that depends on nothing but its arguments, so that points can be made in any order. */
function chanceAt(seed: number, metric: number, n: number): number {
  let t = Math.imul(
    seed ^ Math.imul(metric + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b),
    0xc2b2ae35,
  );
  t = Math.imul(t ^ (t >>> 15), 0x2c1b3c6d);
  return ((t ^ (t >>> 13)) >>> 0) / 2 ** 32;
}

function numbersOf(name: MetricName, chance: number): string[] {
  const value = Math.round(50 + chance * 9000) / 100;
  if (name !== 'heart_rate') return [`"qty":${value}`];
  return [`"Min":${Math.floor(value)}`, `"Avg":${value}`, `"Max":${Math.ceil(value) + 3}`];
}

/** The fields of a point as JSON, in the usual order. */
const fieldsOf = (numbers: string[], at: number, source: string): string[] => [
  ...numbers,
  `"date":"${writeInstant(at, '24')}"`,
  `"source":"${source}"`,
];

export interface BodyFile {
  path: string;
  bytes: number;
  samples: number;
}

const SUFFIX = { false: '', true: '-shuffled', keys: '-shuffled-keys' } as const;

/** The body as a file in `folder`, made once: its exact size is known before it is sent. */
export async function bodyFile(spec: BodySpec, folder = 'bench/.data'): Promise<BodyFile> {
  const { bytes, seed, shuffled = false, metrics = LARGE, begin = BEGIN } = spec;
  const year = new Date(begin).toISOString().slice(0, 7);
  const path = `${folder}/${metrics.length}-metrics-${bytes}-${seed}-${year}${SUFFIX[`${shuffled}`]}.json`;
  const known = await stat(path).catch(() => null);
  if (known === null) {
    await mkdir(dirname(path), { recursive: true });
    // Renamed when whole, so that a file of that name is never half a body.
    await pipeline(Readable.from(metricsBody(spec)), createWriteStream(`${path}.part`));
    await rename(`${path}.part`, path);
  }
  const size = known?.size ?? (await stat(path)).size;
  return { path, bytes: size, samples: samplesOf(spec) };
}

const HISTORY_POSTS = 4;
const HISTORY_BYTES = 50_000_000;

/** Three years of forty metrics, about 200 MB, as the app posts them: nine months after nine months. */
export const historyPosts = (): BodySpec[] =>
  Array.from({ length: HISTORY_POSTS }, (_, i) => ({
    bytes: HISTORY_BYTES,
    seed: 40 + i,
    metrics: PLAIN.slice(0, 40),
    begin: BEGIN + (i * SPAN_SECONDS * 1000) / HISTORY_POSTS,
    seconds: SPAN_SECONDS / HISTORY_POSTS,
  }));

const SMALL_METRICS = 60;
const SMALL_POINTS = 6;
const SMALL_BEGIN = Date.UTC(2026, 0, 1);

/** These have shapes of their own. */
const WITH_SHAPES: readonly string[] = ['blood_pressure', 'sleep_analysis', 'sexual_activity'];

const PLAIN = (Object.keys(METRICS) as MetricName[]).filter((name) => !WITH_SHAPES.includes(name));
const SMALL = PLAIN.slice(0, SMALL_METRICS);

export const SMALL_SAMPLES = SMALL_METRICS * SMALL_POINTS;

/** What a phone sends every few minutes: about 30 KB, six new minutes of sixty metrics. Every `i` has minutes of its own. */
export function smallSync(i: number): Uint8Array {
  const metrics = SMALL.map((name, m) => {
    const data = Array.from({ length: SMALL_POINTS }, (_, j) => {
      const n = i * SMALL_POINTS + j;
      const numbers = numbersOf(name, chanceAt(i, m, n));
      return `{${fieldsOf(numbers, SMALL_BEGIN + n * 60_000, WATCH).join(',')}}`;
    });
    return `{"name":"${name}","units":"${METRICS[name].units}","data":[${data.join(',')}]}`;
  });
  return new TextEncoder().encode(`{"data":{"metrics":[${metrics.join(',')}]}}`);
}
