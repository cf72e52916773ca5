import { MAX_FILE_NAME_CHARACTERS, MAX_TABLE_BYTES } from '../limits.ts';
import type { IssueCode } from '../model.ts';
import { kindOf } from './kind.ts';
import { metricsOf } from './metrics-table.ts';
import { filesInForm } from './multipart.ts';
import { pause } from './pause.ts';
import { FilesRefused } from './refused.ts';
import { readTable, type Table } from './table.ts';
import {
  PartsByWorkout,
  partName,
  partOfGpx,
  partOfTable,
  type WorkoutPart,
} from './workout-parts.ts';
import { type CsvWorkout, isWorkoutsTable, workoutsOf } from './workouts-table.ts';
import { filesInZip, type PackedFile } from './zip.ts';

export { FilesRefused } from './refused.ts';

/**
 * Opens the app's exports that are no JSON, and makes JSON of them: a list of payloads. Each file is read in pieces,
 * and what becomes of it leaves before more is read. Pure.
 */

/** Up to here a JSON file is checked before it is passed on. */
const CHECKED_JSON_BYTES = 4 * 1024 * 1024;

/** Health JSON packs 10 to 40 times, a bomb a thousand times. Small ones do no harm. */
const MAX_RATIO = 200;
const RATIO_MATTERS_BYTES = 1024 * 1024;

export interface OpenOptions {
  /** Of the files once unpacked, and of the JSON that is made of them. */
  maxBytes: number;
  /** Whether a file is JSON that can stand in a list: a broken one would break all. */
  isSoundJson(pieces: AsyncIterable<Uint8Array>): Promise<boolean>;
}

/** @throws FilesRefused */
export async function* openFiles(
  kind: 'zip' | 'multipart' | 'csv',
  body: Uint8Array<ArrayBuffer>,
  contentType: string | null,
  options: OpenOptions,
): AsyncGenerator<Uint8Array> {
  const files = filesOf(kind, body, contentType).filter(({ name }) => !isLitter(name));
  const { maxBytes } = options;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > maxBytes) {
    throw new FilesRefused('body_too_large', `Unpacked, a body may have ${maxBytes} bytes.`);
  }
  if (bytes > RATIO_MATTERS_BYTES && bytes > body.length * MAX_RATIO) {
    throw new FilesRefused('expansion_refused', `It expands more than ${MAX_RATIO} times.`);
  }
  let made = 0;
  for await (const piece of gathered(listOf(payloadsOf(files, options)))) {
    made += piece.length;
    if (made > maxBytes) {
      throw new FilesRefused(
        'body_too_large',
        `The JSON that is made of files may have ${maxBytes} bytes. Send fewer at once.`,
      );
    }
    yield piece;
  }
}

const filesOf = (
  kind: 'zip' | 'multipart' | 'csv',
  body: Uint8Array<ArrayBuffer>,
  contentType: string | null,
): PackedFile[] => {
  if (kind === 'zip') return filesInZip(body);
  if (kind === 'multipart') return filesInForm(body, contentType ?? '');
  return [
    {
      name: 'body.csv',
      bytes: body.length,
      async *pieces() {
        yield body;
      },
    },
  ];
};

/** What a Mac leaves in archives. */
const isLitter = (name: string): boolean =>
  name.startsWith('__MACOSX/') || name.endsWith('.DS_Store');

/** JSON as text or as bytes, in pieces of any size. */
type Json = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

async function* listOf(values: AsyncIterable<Json>): AsyncGenerator<string | Uint8Array> {
  yield '[';
  let isFirst = true;
  for await (const value of values) {
    if (!isFirst) yield ',';
    isFirst = false;
    yield* value;
  }
  if (isFirst) yield '{"data":{}}';
  yield ']';
}

/** Of what goes on at once. */
const PIECE_CHARACTERS = 64 * 1024;

/** As bytes, in pieces of a useful size, with a pause after each. */
async function* gathered(json: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  let passed = 0;
  for await (const piece of json) {
    if (typeof piece === 'string') text += piece;
    if (text !== '' && (typeof piece !== 'string' || text.length > PIECE_CHARACTERS)) {
      yield encoder.encode(text);
      text = '';
      await pause();
    }
    if (typeof piece === 'string') continue;
    yield piece;
    passed += piece.length;
    if (passed < PAUSE_BYTES) continue;
    passed = 0;
    await pause();
  }
  yield encoder.encode(text);
}

/** Of small files, one after the other. To open one takes as long as to read some more of it. */
const PAUSE_BYTES = 128 * 1024;
const FILE_BYTES = 4 * 1024;

/** A file that is not read. Its name is cut: the pointer of its issue holds it. */
interface Unread {
  name: string;
  problem: IssueCode;
}

async function* payloadsOf(
  files: readonly PackedFile[],
  options: OpenOptions,
): AsyncGenerator<Json> {
  const workouts: Table[] = [];
  const parts: WorkoutPart[] = [];
  const unread: Unread[] = [];
  let bytes = 0;
  for (const file of files) {
    const read = await readFile(file, options);
    if (typeof read === 'string')
      unread.push({ name: file.name.slice(0, MAX_FILE_NAME_CHARACTERS), problem: read });
    else if (read.kind === 'json') yield withoutMark(file);
    else if (read.kind === 'part') parts.push(read.part);
    else if (read.kind === 'workouts') workouts.push(read.table);
    else {
      for await (const metrics of metricsOf(read.table)) {
        if (metrics.length > 0) yield [JSON.stringify({ data: { metrics } })];
      }
    }
    bytes += file.bytes + FILE_BYTES;
    if (bytes < PAUSE_BYTES) continue;
    bytes = 0;
    await pause();
  }
  const index = new PartsByWorkout(parts);
  if (workouts.length > 0) yield workoutsJson(workouts, index);
  unread.push(
    ...index.left.map(({ file }) => ({ name: file, problem: 'file_not_readable' as const })),
  );
  if (unread.length > 0) yield [JSON.stringify({ data: { files: unread } })];
}

type ReadFile =
  | { kind: 'json' }
  | { kind: 'part'; part: WorkoutPart }
  | { kind: 'workouts' | 'metrics'; table: Table };

/** @returns what it is, or why it cannot be read. */
async function readFile(
  file: PackedFile,
  { isSoundJson }: OpenOptions,
): Promise<ReadFile | IssueCode> {
  if (file.name.length > MAX_FILE_NAME_CHARACTERS) return 'file_name_too_long';
  const isGpx = /\.gpx$/i.test(file.name);
  const head = await headOf(file);
  if (kindOf(head, null) === 'json' && !isGpx && !/\.csv$/i.test(file.name)) {
    const isPayload = new TextDecoder().decode(head).trimStart().startsWith('{');
    const isSound = file.bytes > CHECKED_JSON_BYTES || (await isSoundJson(withoutMark(file)));
    return isPayload && isSound ? { kind: 'json' } : 'file_not_readable';
  }
  if (file.bytes > MAX_TABLE_BYTES) return 'file_too_large';
  const textOf = () => decoded(file);
  const name = partName(file.name);
  if (isGpx) {
    const part = name === null ? null : await partOfGpx(file.name, name, textOf);
    return part === null ? 'file_not_readable' : { kind: 'part', part };
  }
  const table = await readTable(textOf);
  if (typeof table === 'string') return table;
  if (isWorkoutsTable(table)) return { kind: 'workouts', table };
  if (!table.isDated) return 'file_not_readable';
  if (name !== null) return { kind: 'part', part: partOfTable(file.name, name, table) };
  return { kind: 'metrics', table };
}

async function headOf(file: PackedFile): Promise<Uint8Array> {
  for await (const piece of file.pieces()) return piece;
  return new Uint8Array(0);
}

/** Piece by piece: its bytes are never a whole besides their text. */
async function decoded(file: PackedFile): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of file.pieces()) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

async function* workoutsJson(
  tables: readonly Table[],
  parts: PartsByWorkout,
): AsyncGenerator<string> {
  yield '{"data":{"workouts":[';
  let isFirst = true;
  for (const table of tables) {
    for await (const workout of workoutsOf(table)) {
      if (!isFirst) yield ',';
      isFirst = false;
      yield* workoutJson(workout, parts.take(workout));
    }
  }
  yield ']}}';
}

async function* workoutJson(
  workout: CsvWorkout,
  parts: readonly WorkoutPart[],
): AsyncGenerator<string> {
  yield JSON.stringify(workout).slice(0, -1);
  for (const { field, batches } of parts) {
    yield `,${JSON.stringify(field)}:[`;
    let isFirst = true;
    for await (const batch of batches()) {
      if (batch.length === 0) continue;
      yield `${isFirst ? '' : ','}${JSON.stringify(batch).slice(1, -1)}`;
      isFirst = false;
    }
    yield ']';
  }
  yield '}';
}

const MARK = [0xef, 0xbb, 0xbf];

/** Without a byte order mark, which may stand at the beginning of a body only. */
async function* withoutMark(file: PackedFile): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const piece of file.pieces()) {
    const hasMark = isFirst && MARK.every((byte, i) => piece[i] === byte);
    isFirst = false;
    yield hasMark ? piece.subarray(MARK.length) : piece;
  }
}
