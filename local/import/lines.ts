import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** As many rows as go into the database at once. */
const MOST_LINES = 5_000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** The lines of a file, batch by batch. */
export async function* batchesOf(file: Readable): AsyncGenerator<string[]> {
  let batch: string[] = [];
  let characters = 0;
  for await (const line of linesOf(file)) {
    batch.push(line);
    characters += line.length;
    if (batch.length < MOST_LINES && characters < MOST_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

async function* linesOf(file: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const piece of file) {
    const lines = (rest + decoder.write(piece)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
