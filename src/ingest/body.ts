import { Gunzip } from 'fflate';

/** The bytes of a request body in pieces of a useful size, expanded where they came compressed, within limits. */

export type BodyFault = 'body_too_large' | 'expansion_refused' | 'invalid_gzip';

export class BodyRefused extends Error {
  override name = 'BodyRefused';
  readonly code: BodyFault;

  constructor(code: BodyFault, reason: string) {
    super(reason);
    this.code = code;
  }
}

const READ_BYTES = 256 * 1024;

/** Gzip of health JSON shrinks it 10 to 40 times; a bomb does so a thousand times. */
const MAX_RATIO = 200;
/** Small bodies of few distinct values may shrink further without harm. */
const RATIO_MATTERS_BYTES = 4 * 1024 * 1024;
/** Deflate expands at most 1,032 times: what one piece may become stays below 9 MB. */
const GZIP_PIECE_BYTES = 8 * 1024;

/** @throws BodyRefused as soon as more than `maxBytes` have come. */
export async function* readBody(
  body: ReadableStream<Uint8Array>,
  options: { gzip: boolean; maxBytes: number },
): AsyncGenerator<Uint8Array> {
  const pieces = options.gzip
    ? expanded(read(body, options.maxBytes))
    : read(body, options.maxBytes);
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > options.maxBytes) throw tooLarge(options.maxBytes);
    yield piece;
  }
}

const tooLarge = (maxBytes: number) =>
  new BodyRefused('body_too_large', `Bodies may have ${maxBytes} bytes.`);

/** Large reads: at the default few kilobytes, the calls would cost more than the work. */
async function* read(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader({ mode: 'byob' });
  let bytes = 0;
  let buffer = new ArrayBuffer(READ_BYTES);
  for (;;) {
    const { done, value } = await reader.readAtLeast(READ_BYTES, new Uint8Array(buffer));
    if (value !== undefined && value.length > 0) {
      bytes += value.length;
      if (bytes > maxBytes) {
        await reader.cancel('too large');
        throw tooLarge(maxBytes);
      }
      yield value;
      buffer = value.buffer as ArrayBuffer;
    }
    if (done) return;
  }
}

async function* expanded(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  const gunzip = new Gunzip((piece) => out.push(piece));
  let bytesIn = 0;
  let bytesOut = 0;
  for await (const piece of compressed) {
    for (let from = 0; from < piece.length; from += GZIP_PIECE_BYTES) {
      const part = piece.subarray(from, from + GZIP_PIECE_BYTES);
      push(gunzip, part, false);
      bytesIn += part.length;
      bytesOut += out.reduce((sum, { length }) => sum + length, 0);
      if (bytesOut > RATIO_MATTERS_BYTES && bytesOut > bytesIn * MAX_RATIO) {
        throw new BodyRefused('expansion_refused', `It expands more than ${MAX_RATIO} times.`);
      }
      yield* out;
      out = [];
    }
  }
  push(gunzip, new Uint8Array(0), true);
  yield* out;
}

function push(gunzip: Gunzip, piece: Uint8Array, last: boolean): void {
  try {
    gunzip.push(piece, last);
  } catch {
    throw new BodyRefused('invalid_gzip', 'Its gzip is broken or ends too early.');
  }
}
