import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';
import type { KeyKind } from '../src/model.ts';
import { type Bed, makeBed, readBody } from './bed.ts';
import { peakMemory } from './memory.ts';
import { bodyFile } from './payloads.ts';
import * as records from './records.ts';
import type { Report } from './report.ts';

/** What one request holds of the API's isolate, and how long it makes others wait, door by door, at the worst sizes taken. */

const MB = 1_000_000;
const COLUMNS = 120;
const MINUTE_MS = 60_000;
const BEGIN = Date.UTC(2026, 0, 1);

/** The app's wide table, as dense as can be: a number in each cell. */
function table(bytes: number): string {
  const columns = records.many(COLUMNS, (i) => `Metric ${i} (count)`);
  const lines = [`Date/Time,${columns.join(',')}`];
  let size = 0;
  for (let row = 0; size < bytes; row++) {
    const time = new Date(BEGIN + row * MINUTE_MS).toISOString().slice(0, 19).replace('T', ' ');
    const line = [time, ...records.many(COLUMNS, (i) => ((i * 7 + row) % 977) / 10)].join(',');
    lines.push(line);
    size += line.length + 1;
  }
  return lines.join('\n');
}

/** A track as long as a file may be. */
function track(bytes: number): string {
  const points: string[] = [];
  for (let size = 0, i = 0; size < bytes - 200; i++) {
    const time = new Date(BEGIN + i * 1000).toISOString();
    const point = `<trkpt lat="48.${100_000 + i}" lon="16.${100_000 + i}"><ele>${i % 900}</ele><time>${time}</time></trkpt>`;
    points.push(point);
    size += point.length;
  }
  return `<gpx><trk><trkseg>${points.join('')}</trkseg></trk></gpx>`;
}

interface Body {
  path: string;
  bytes: Uint8Array;
  headers?: Record<string, string>;
  /** Of the key that it comes with, if not one for uploads. */
  kind?: KeyKind;
  /** What it is answered with, if not with 2xx. */
  status?: number;
}

const TABLE_BYTES = 2 * MB;
const sync = '/api/v1/sync';
const check = '/api/v1/check';
const csv = { 'Content-Type': 'text/csv' };

async function formOf(files: readonly string[]): Promise<Body> {
  const form = new FormData();
  for (const [i, text] of files.entries()) {
    form.append(`file${i}`, new File([text], `metrics${i}.csv`));
  }
  const response = new Response(form);
  return {
    path: sync,
    bytes: new Uint8Array(await response.arrayBuffer()),
    headers: { 'Content-Type': response.headers.get('content-type') ?? '' },
  };
}

const zipOf = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

function zipOfWorkouts(): Uint8Array {
  const [gpx, many] = [track(TABLE_BYTES), 7];
  const stamp = (i: number) => `20260302_12${10 + i}00`;
  const tracks = records.many(many, (i) => [`Run-Route-${stamp(i)}.gpx`, gpx] as const);
  const workouts = records.many(many, (i) => `Run,2026-03-02 12:${10 + i}:00,2026-03-02 13:00:00`);
  return zipOf({
    'Workouts.csv': ['Workout Type,Start,End', ...workouts].join('\n'),
    ...Object.fromEntries(tracks),
  });
}

async function bodies(): Promise<Record<string, Body>> {
  const json = readBody((await bodyFile({ bytes: 100 * MB, seed: 2 })).path);
  const dense = table(TABLE_BYTES);
  const short = `Date/Time,Step Count (steps)\n${'2026-03-02,1\n'.repeat(TABLE_BYTES / 13)}`;
  const samples = records.metricPayload(
    'step_count',
    'count',
    records.many(90_000, records.quantity),
  );
  return {
    'JSON of 100 MB': { path: sync, bytes: json },
    'the same as gzip': {
      path: sync,
      bytes: gzipSync(json, { level: 1 }),
      headers: { 'Content-Encoding': 'gzip' },
    },
    'a table of 2 MB, all cells filled': { path: sync, bytes: strToU8(dense), headers: csv },
    'a table of 2 MB, of short rows': { path: sync, bytes: strToU8(short), headers: csv },
    'a form of two tables of 2 MB': await formOf([dense, dense]),
    'a zip with 100 MB of JSON': {
      path: sync,
      bytes: zipSync({ 'HealthAutoExport.json': new Uint8Array(json) }),
    },
    'a zip with seven tracks of 2 MB': { path: sync, bytes: zipOfWorkouts() },
    'a dry run of 8 MB, 90,000 samples': { path: check, bytes: strToU8(JSON.stringify(samples)) },
    'a dry run of a table of 250 kB': {
      path: check,
      bytes: strToU8(table(MB / 4)),
      headers: csv,
    },
    'JSON of 40 MB for a route that takes little': {
      path: '/api/v1/goals',
      bytes: strToU8(`{"x":[${'[],'.repeat(13 * MB)}[]]}`),
      headers: { 'Content-Type': 'application/json' },
      kind: 'read',
      status: 413,
    },
  };
}

const MAX_ABOVE = 64;
const MAX_WAIT_MS = 250;
/** @returns the longest that somebody else waits for the least there is while `work` is done, in milliseconds */
async function longestWait(url: string, work: () => Promise<void>): Promise<number> {
  const probe = new Worker(new URL('probe.ts', import.meta.url), { workerData: `${url}/live` });
  await once(probe, 'online');
  // Its first request makes a connection.
  await setTimeout(WARM_MS);
  try {
    await work();
  } finally {
    probe.postMessage('the end');
  }
  const [longest] = await once(probe, 'message');
  return z.number().parse(longest);
}

const WARM_MS = 500;

async function post(
  { stack, newKey }: Bed,
  what: string,
  { path, bytes, headers, kind, status }: Body,
): Promise<void> {
  const key = await newKey(kind);
  const response = await fetch(`${stack.url}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, ...headers },
    body: new Uint8Array(bytes),
  });
  if (status === undefined ? !response.ok : response.status !== status) {
    throw new Error(`${what} was answered with ${response.status}: ${await response.text()}`);
  }
  await response.arrayBuffer();
}

/** What is refused at once is over before a probe has seen much. */
const TIMES_REFUSED = 5;

async function postLongEnough(bed: Bed, what: string, body: Body): Promise<void> {
  const times = body.status === undefined ? 1 : TIMES_REFUSED;
  for (let i = 0; i < times; i++) await post(bed, what, body);
}

export async function measureDoors(databaseUrl: string, report: Report): Promise<void> {
  for (const [what, body] of Object.entries(await bodies())) {
    const bed = await makeBed(databaseUrl, { only: ['api'], inspectorPort: 0 });
    try {
      let wait = 0;
      const { above, total } = await peakMemory({ stack: bed.stack, worker: 'api' }, async () => {
        wait = await longestWait(bed.stack.url, () => postLongEnough(bed, what, body));
      });
      const size = (body.bytes.length / MB).toFixed(1);
      report.add(
        `one request of the API: ${what} (${size} MB). Peak of heap and buffers above idle, garbage included; longest wait of another request`,
        `${above.toFixed(0)} MB (${total.toFixed(0)} in all); ${wait.toFixed(0)} ms`,
        `≤ ${MAX_ABOVE} MB; ≤ ${MAX_WAIT_MS} ms`,
        above <= MAX_ABOVE && wait <= MAX_WAIT_MS,
      );
    } finally {
      await bed.stop();
    }
  }
}
