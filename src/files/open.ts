import { kindOf } from './kind.ts';
import { metricsOf } from './metrics-table.ts';
import { filesInForm } from './multipart.ts';
import { FilesRefused } from './refused.ts';
import { isDated, readTable } from './table.ts';
import { attach, partOfGpx, partOfTable, type WorkoutPart } from './workout-parts.ts';
import { type CsvWorkout, isWorkoutsTable, workoutsOf } from './workouts-table.ts';
import { filesInZip, type PackedFile } from './zip.ts';

export { FilesRefused } from './refused.ts';

/** Opens the app's exports that are no JSON, and makes JSON of them: a list of payloads, one a file. Pure. */

/** A table is held whole while it is read, and takes twenty times its size: an isolate has 128 MB. */
const MAX_TABLE_BYTES = 2 * 1024 * 1024;
/** Up to here a JSON file is checked before it is passed on: a broken one would break all. */
const CHECKED_JSON_BYTES = 4 * 1024 * 1024;

/** Health JSON packs 10 to 40 times, a bomb a thousand times. Small ones do no harm. */
const MAX_RATIO = 200;
const RATIO_MATTERS_BYTES = 1024 * 1024;

/** @throws FilesRefused */
export async function* openFiles(
  kind: 'zip' | 'multipart' | 'csv',
  body: Uint8Array<ArrayBuffer>,
  contentType: string | null,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<Uint8Array> {
  const files = (await filesOf(kind, body, contentType)).filter(({ name }) => !isLitter(name));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > maxBytes) {
    throw new FilesRefused('body_too_large', `Unpacked, a body may have ${maxBytes} bytes.`);
  }
  if (bytes > RATIO_MATTERS_BYTES && bytes > body.length * MAX_RATIO) {
    throw new FilesRefused('expansion_refused', `It expands more than ${MAX_RATIO} times.`);
  }
  const encoder = new TextEncoder();
  yield encoder.encode('[');
  let isFirst = true;
  for (const payload of payloadsOf(files)) {
    if (!isFirst) yield encoder.encode(',');
    isFirst = false;
    if (Symbol.iterator in payload) yield* payload;
    else yield encoder.encode(JSON.stringify(payload));
  }
  if (isFirst) yield encoder.encode('{"data":{}}');
  yield encoder.encode(']');
}

const filesOf = async (
  kind: 'zip' | 'multipart' | 'csv',
  body: Uint8Array<ArrayBuffer>,
  contentType: string | null,
): Promise<PackedFile[]> => {
  if (kind === 'zip') return filesInZip(body);
  if (kind === 'multipart') return filesInForm(body, contentType ?? '');
  return [
    {
      name: 'body.csv',
      bytes: body.length,
      *pieces() {
        yield body;
      },
    },
  ];
};

/** What a Mac leaves in archives. */
const isLitter = (name: string): boolean =>
  name.startsWith('__MACOSX/') || name.endsWith('.DS_Store');

type Payload = { data: object } | Generator<Uint8Array>;

function* payloadsOf(files: readonly PackedFile[]): Generator<Payload> {
  const workouts: CsvWorkout[] = [];
  const parts: WorkoutPart[] = [];
  const unreadable: { name: string; isTooLarge?: true }[] = [];
  for (const file of files) {
    const [head = new Uint8Array(0)] = file.pieces();
    if (kindOf(head, null) === 'json' && !/\.(csv|gpx)$/i.test(file.name)) {
      if (isJsonPayload(file, head)) yield withoutMark(file);
      else unreadable.push({ name: file.name });
      continue;
    }
    if (file.bytes > MAX_TABLE_BYTES) {
      unreadable.push({ name: file.name, isTooLarge: true });
      continue;
    }
    const read = readFile(file);
    if (read === null) unreadable.push({ name: file.name });
    else if ('field' in read) parts.push(read);
    else if ('workouts' in read) workouts.push(...read.workouts);
    else for (const block of read.metrics) yield { data: { metrics: [block] } };
  }
  unreadable.push(...attach(workouts, parts).map(({ file }) => ({ name: file })));
  if (workouts.length > 0) yield { data: { workouts } };
  if (unreadable.length > 0) yield { data: { files: unreadable } };
}

/** Metrics, workouts, or a part of a workout; `null` if it is nothing we know. */
function readFile(file: PackedFile) {
  const text = new TextDecoder().decode(wholeOf(file));
  if (/\.gpx$/i.test(file.name)) return partOfGpx(file.name, text);
  const table = readTable(text);
  if (table === null) return null;
  if (isWorkoutsTable(table)) return { workouts: workoutsOf(table) };
  if (!isDated(table)) return null;
  return partOfTable(file.name, table) ?? { metrics: metricsOf(table) };
}

function wholeOf(file: PackedFile): Uint8Array {
  const whole = new Uint8Array(file.bytes);
  let at = 0;
  for (const piece of file.pieces()) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function isJsonPayload(file: PackedFile, head: Uint8Array): boolean {
  if (!new TextDecoder().decode(head).trimStart().startsWith('{')) return false;
  if (file.bytes > CHECKED_JSON_BYTES) return true;
  try {
    JSON.parse(new TextDecoder().decode(wholeOf(file)));
    return true;
  } catch {
    return false;
  }
}

const MARK = [0xef, 0xbb, 0xbf];

/** Without a byte order mark, which may stand at the beginning of a body only. */
function* withoutMark(file: PackedFile): Generator<Uint8Array> {
  let isFirst = true;
  for (const piece of file.pieces()) {
    const hasMark = isFirst && MARK.every((byte, i) => piece[i] === byte);
    isFirst = false;
    yield hasMark ? piece.subarray(MARK.length) : piece;
  }
}
