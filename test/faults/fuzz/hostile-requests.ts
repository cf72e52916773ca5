import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { type Random, seeded } from '../bed/random.ts';

/**
 * Requests that are worse than anybody's: wide, deep, long, many, nested or repeated, or two of these, for every door of
 * the API. Each is made of a seed and its number alone, and its recipe says how. Pure.
 */

export const DOORS = ['json', 'csv', 'form', 'zip', 'gpx', 'route', 'query'] as const;
export type Door = (typeof DOORS)[number];
export const SHAPES = ['wide', 'deep', 'long', 'many', 'nested', 'repeated'] as const;
export type Shape = (typeof SHAPES)[number];

/** All that has to be known of a request to understand it. */
export interface Recipe {
  seed: number;
  number: number;
  door: Door;
  /** More than one: mixed. */
  shapes: { shape: Shape; size: number }[];
  packing: 'none' | 'gzip' | 'gzip, cut off' | 'gzip, twice';
  path: string;
}

export interface HostileRequest {
  recipe: Recipe;
  kind: 'ing' | 'read';
  init: { method: string; headers: Record<string, string>; body?: Uint8Array<ArrayBuffer> };
}

/** Larger bodies cost more time to make than they find. */
export const MAX_MADE_BYTES = 8 * 1024 * 1024;

export function hostileRequest(seed: number, number: number): HostileRequest {
  const random = seeded(seed * 1_000_003 + number);
  const door = pick(DOORS, random);
  const shapes = Array.from({ length: random() < 0.3 ? 2 : 1 }, () => ({
    shape: pick(SHAPES, random),
    size: magnitude(MAX_SIZES[door], random),
  }));
  const { kind, method, path, type, text } = MAKERS[door](shapes, random);
  const bytes = toBytes(text);
  const packing = door === 'route' || door === 'query' ? 'none' : pick(PACKINGS, random);
  const recipe = { seed, number, door, shapes, packing, path: path.slice(0, 200) };
  const headers = {
    ...(type === null ? {} : { 'Content-Type': type }),
    ...(packing === 'none' ? {} : { 'Content-Encoding': 'gzip' }),
  };
  const body = method === 'GET' ? {} : { body: pack(bytes, packing) };
  return { recipe: { ...recipe, path }, kind, init: { method, headers, ...body } };
}

const pick = <T>(items: readonly T[], random: Random): T =>
  items[Math.floor(random() * items.length)] as T;

/** From 1 to `most`, each order of magnitude as likely as the others. */
const magnitude = (most: number, random: Random): number => Math.round(most ** random());

const list = <T>(length: number, make: (i: number) => T): T[] =>
  Array.from({ length }, (_, i) => make(i));

/** How many of something: of each door as many as fit. */
const MAX_SIZES: Record<Door, number> = {
  json: 200_000,
  csv: 200_000,
  form: 20_000,
  zip: 20_000,
  gpx: 100_000,
  route: 100_000,
  query: 3_000,
};

/** What is not read at all finds little. */
const PACKINGS = [
  'none',
  'none',
  'gzip',
  'gzip',
  'gzip',
  'gzip',
  'gzip, cut off',
  'gzip, twice',
] as const;

function pack(bytes: Uint8Array<ArrayBuffer>, packing: Recipe['packing']): Uint8Array<ArrayBuffer> {
  if (packing === 'none') return bytes;
  const packed = new Uint8Array(gzipSync(bytes, { level: 1 }));
  if (packing === 'gzip, cut off') return packed.slice(0, Math.ceil(packed.length / 2));
  return packing === 'gzip, twice' ? new Uint8Array(gzipSync(packed)) : packed;
}

const toBytes = (made: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  (typeof made === 'string' ? new Uint8Array(Buffer.from(made)) : made).slice(0, MAX_MADE_BYTES);

interface Made {
  kind: 'ing' | 'read';
  method: string;
  path: string;
  type: string | null;
  text: string | Uint8Array<ArrayBuffer>;
}

type Shapes = Recipe['shapes'];
type Maker = (shapes: Shapes, random: Random) => Made;

const upload = (type: string | null, text: Made['text'], random: Random): Made => ({
  kind: 'ing',
  method: 'POST',
  path: pick(['/api/v1/sync', '/api/v1/sync', '/api/v1/check'], random),
  type,
  text,
});

const MAKERS: Record<Door, Maker> = {
  json: (shapes, random) => upload('application/json', jsonBody(shapes, random), random),
  csv: (shapes, random) => upload('text/csv', csvText(shapes, random), random),
  form: (shapes, random) =>
    upload(`multipart/form-data; boundary=${BOUNDARY}`, formText(shapes, random), random),
  zip: (shapes, random) => upload(null, zipBytes(shapes, random), random),
  gpx: (shapes, random) => upload(null, gpxInZip(shapes, random), random),
  route: routeRequest,
  query: queryRequest,
};

const SECTIONS = [
  'metrics',
  'workouts',
  'stateOfMind',
  'medications',
  'symptoms',
  'cycleTracking',
  'ecg',
  'heartRateNotifications',
  'neverHeardOf',
] as const;
const FIELDS = [
  'qty',
  'date',
  'source',
  'Avg',
  'start',
  'end',
  'name',
  'systolic',
  'value',
] as const;
const METRICS = [
  'step_count',
  'heart_rate',
  'sleep_analysis',
  'blood_pressure',
  'made_up',
] as const;

const dateOf = (i: number): string => {
  const at = new Date(Date.UTC(2012, 0, 1) + i * 3_600_000).toISOString();
  return `${at.slice(0, 10)} ${at.slice(11, 19)} +0000`;
};
const goodPoint = (i: number): string =>
  `{"qty":${i % 100},"date":"${dateOf(i)}","source":"Watch"}`;
const metricOf = (name: string, points: string): string =>
  `{"name":"${name}","units":"count","data":[${points}]}`;
const brackets = (size: number): string => `${'['.repeat(size)}${']'.repeat(size)}`;
const braces = (size: number): string => `${'{"a":'.repeat(size)}1${'}'.repeat(size)}`;

/** An element of some section: an object as JSON. */
function jsonElement({ shape, size }: Shapes[number], random: Random): string {
  const field = pick(FIELDS, random);
  const name = pick(METRICS, random);
  switch (shape) {
    case 'wide':
      return random() < 0.5
        ? `{${list(size, (i) => `"k${i}":${i}`).join(',')}}`
        : metricOf(name, `{"date":"${dateOf(1)}",${list(size, (i) => `"k${i}":1`).join(',')}}`);
    case 'deep':
      return `{"name":"${name}","${field}":${pick([brackets, braces], random)(size)}}`;
    case 'long':
      return `{"name":"${name}","data":[{"date":"${dateOf(1)}","qty":1,"${field}":"${pick(['1', 'x', ' ', '2026-', '\\u0000', '💓', '[ '], random).repeat(size)}"}]}`;
    case 'many':
      return metricOf(name, list(size, random() < 0.5 ? goodPoint : () => '{"qty":1}').join(','));
    case 'nested':
      return `{"name":"Run","start":"${dateOf(1)}","end":"${dateOf(2)}","heartRateData":[${list(size, goodPoint).join(',')}],"route":[${list(size, (i) => `{"latitude":${i % 90},"longitude":1,"timestamp":"${dateOf(i)}"}`).join(',')}]}`;
    case 'repeated':
      return random() < 0.5
        ? `{"name":"${name}",${list(size, () => `"${field}":1`).join(',')}}`
        : metricOf(name, list(size, () => goodPoint(1)).join(','));
  }
}

function jsonBody(shapes: Shapes, random: Random): string {
  const members = shapes.map((each) => {
    const section = pick(SECTIONS, random);
    if (each.shape === 'many' && random() < 0.3) {
      const names = list(Math.min(each.size, 20_000), (i) =>
        metricOf(`made_up_${i}`, goodPoint(i)),
      );
      return `"metrics":[${names.join(',')}]`;
    }
    return `"${section}":[${jsonElement(each, random)}]`;
  });
  const payload = `{"data":{${members.join(',')}}}`;
  return random() < 0.1 ? `[${payload},${payload}]` : payload;
}

const HEADERS = ['date', 'Workout Type,Start,End', 'Date,Step Count [count]'] as const;

function tableOf({ shape, size }: Shapes[number], random: Random): string {
  const head = pick(HEADERS, random);
  const row = `2026-03-02 08:00:00,${random() < 0.5 ? '1' : 'x'}`;
  switch (shape) {
    case 'wide':
      return `${head},${list(Math.min(size, 20_000), (i) => `c${i}`).join(',')}\n${`${row}\n`.repeat(Math.min(size, 20_000))}`;
    case 'deep':
      return `${head}\n${'"'.repeat(size)}\n`;
    case 'long':
      return `${head},${pick(['[ ', ' ', 'x', '['], random).repeat(size)}\n${row}\n`;
    case 'many':
      return `${head}\n${`${row}\n`.repeat(size)}`;
    case 'nested':
      return `${head}\n"${'a,""b"",\n'.repeat(size)}"\n`;
    case 'repeated':
      return `${head}\n${','.repeat(size)}\n${`${head}\n`.repeat(Math.min(size, 10_000))}`;
  }
}

function csvText(shapes: Shapes, random: Random): string {
  return shapes.map((each) => tableOf(each, random)).join('');
}

const BOUNDARY = 'a-boundary';

function formText(shapes: Shapes, random: Random): string {
  const part = (name: string, text: string) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${text}\r\n`;
  const parts = shapes.map(({ shape, size }) => {
    if (shape === 'long')
      return part(`${pick(['a-', 'x', '/'], random).repeat(size)}.csv`, 'date\n');
    if (shape === 'many' || shape === 'wide') {
      return list(size, (i) => part(`${i}.csv`, 'date,b\n2026-03-02,1\n')).join('');
    }
    if (shape === 'repeated') return part('a.csv', 'date,b\n').repeat(size);
    if (shape === 'deep') return `--${BOUNDARY}\r\n`.repeat(size);
    return part('a.csv', csvText([{ shape, size }], random));
  });
  return `${parts.join('')}--${BOUNDARY}--\r\n`;
}

const PART_NAMES = ['Run-Heart Rate-20260302_120110.csv', 'Run-Route-20260302_120110.gpx'] as const;

function zipBytes(shapes: Shapes, random: Random): Uint8Array<ArrayBuffer> {
  const files: Record<string, string> = {
    'Workouts.csv': 'Workout Type,Start,End\nRun,2026-03-02 12:01:10,2026-03-02 12:33:40\n',
  };
  for (const { shape, size } of shapes) {
    if (shape === 'many' || shape === 'wide') {
      for (let i = 0; i < size; i++) {
        files[`Run-${i}-20260302_${100_000 + (i % 800_000)}.csv`] =
          shape === 'many' ? '' : 'date,b\n2026-03-02,1\n';
      }
    } else if (shape === 'long') {
      files[
        `${pick(['a-', 'x', '../', 'é'], random).repeat(Math.min(size, 16_000))}-20260302_120110.csv`
      ] = 'date\n';
    } else if (shape === 'deep') {
      files[`${'a/'.repeat(Math.min(size, 30_000))}b.csv`] = 'date,b\n';
    } else if (shape === 'nested') {
      files['inner.json'] = jsonBody([{ shape: 'many', size }], random);
    } else {
      for (let i = 0; i < 20; i++)
        files[`${i}-${pick(PART_NAMES, random)}`] = csvText(
          [{ shape: 'many', size }],
          random,
        ).slice(0, 2_000_000);
    }
  }
  return zipped(files);
}

const POINT = '<trkpt lat="1" lon="1"><time>2026-03-02T12:01:10Z</time></trkpt>';

function trackOf({ shape, size }: Shapes[number], random: Random): string {
  switch (shape) {
    case 'wide':
      return `<trkpt ${list(size, (i) => `a${i}=""`).join(' ')}/>`;
    case 'deep':
      return '<a>'.repeat(size) + (random() < 0.5 ? '</a>'.repeat(size) : '');
    case 'long':
      return `<${pick(['a', 'a ', '!--', '![CDATA['], random).repeat(size)}>`;
    case 'many':
    case 'repeated':
      return POINT.repeat(size);
    case 'nested':
      return `<ele>${'&a;'.repeat(size)}</ele>`;
  }
}

function gpxInZip(shapes: Shapes, random: Random): Uint8Array<ArrayBuffer> {
  const inside = shapes.map((each) => trackOf(each, random));
  const gpx = `<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa">]><gpx><trk><trkseg>${inside.join('')}</trkseg></trk></gpx>`;
  const name = 'Run-Route-20260302_120110.gpx';
  return zipped({
    'Workouts.csv': 'Workout Type,Start,End\nRun,2026-03-02 12:01:10,2026-03-02 12:33:40\n',
    [name]: random() < 0.5 ? gpx : gpx.replace(/<!DOCTYPE.*?\]>/, ''),
  });
}

/** Or else the same files would be another archive a moment later. */
const MADE_AT = '2026-03-02T00:00:00';

/** Names over 65,535 bytes have no place in a zip, so what makes them stays below. */
const zipped = (files: Record<string, string>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    zipSync(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
      {
        level: 1,
        mtime: MADE_AT,
      },
    ),
  );

const ROUTES = [
  ['POST', '/api/v1/goals'],
  ['PATCH', '/api/v1/preferences'],
  ['POST', '/api/v1/exports'],
  ['PUT', '/api/v1/preferences/sources/metric/step_count'],
] as const;

function memberOf(field: string, { shape, size }: Shapes[number], random: Random): string {
  switch (shape) {
    case 'wide':
      return `"${field}":{${list(size, (i) => `"k${i}":"kg"`).join(',')}}`;
    case 'deep':
      return `"${field}":${pick([brackets, braces], random)(size)}`;
    case 'long':
      return `"${field}":"${'x'.repeat(size)}"`;
    case 'many':
      return `"${field}":[${list(size, (i) => `${i}`).join(',')}]`;
    case 'nested':
      return `"${field}":[${list(size, () => '{"a":[{}]}').join(',')}]`;
    case 'repeated':
      return list(size, () => `"${field}":null`).join(',');
  }
}

function routeRequest(shapes: Shapes, random: Random): Made {
  const [method, path] = pick(ROUTES, random);
  const field = pick(['metric', 'units', 'targets', 'time_zone', 'from', 'sources', 'x'], random);
  const members = shapes.map((each) => memberOf(field, each, random));
  return { kind: 'read', method, path, type: 'application/json', text: `{${members.join(',')}}` };
}

const QUESTIONS = [
  '/api/v1/metrics/step_count/daily',
  '/api/v1/metrics/step_count/aggregate',
  '/api/v1/metrics/step_count/samples',
  '/api/v1/aggregate',
  '/api/v1/coverage',
  '/api/v1/events',
  '/api/v1/workouts',
  '/api/v1/sleep',
  '/api/v1/summary',
  '/api/v1/ingestions',
] as const;
const PARAMETERS = [
  'from',
  'to',
  'tz',
  'metrics',
  'bucket',
  'agg',
  'limit',
  'cursor',
  'x',
] as const;
const VALUES = [
  '1970-01-01',
  '2026-03-02',
  '9999-12-31',
  '-1',
  '1e309',
  'US/Pacific-New',
  'minute',
  '%00',
  '%F0%9F%92%93',
  '../..',
  "'",
] as const;

function pairsOf({ shape, size }: Shapes[number], random: Random): string[] {
  const pair = () => `${pick(PARAMETERS, random)}=${pick(VALUES, random)}`;
  switch (shape) {
    case 'wide':
      return list(Math.min(size, 500), pair);
    case 'deep':
      return [`${pick(PARAMETERS, random)}${'[a]'.repeat(Math.min(size, 1_000))}=1`];
    case 'long':
      return [`${pick(PARAMETERS, random)}=${pick(['1', 'a,', 'x-', '%20'], random).repeat(size)}`];
    case 'many':
      return [`metrics=${list(Math.min(size, 800), (i) => `m${i}`).join(',')}`, pair()];
    case 'nested':
      return ['from=1970-01-01', 'to=2026-03-02', 'bucket=minute', pair()];
    case 'repeated':
      return list(Math.min(size, 500), () => 'tz=Europe/Vienna');
  }
}

function queryRequest(shapes: Shapes, random: Random): Made {
  const pairs = shapes.flatMap((each) => pairsOf(each, random));
  const path = `${pick(QUESTIONS, random)}?${pairs.join('&')}`.slice(0, 12_000);
  return { kind: 'read', method: 'GET', path, type: null, text: '' };
}
