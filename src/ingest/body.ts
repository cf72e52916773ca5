import { gunzip } from '../files/gunzip.ts';

/** The bytes of a request body in pieces of a useful size, expanded where they came compressed, within limits. */

export type BodyFault = 'foreign_export' | 'body_too_large' | 'expansion_refused' | 'invalid_gzip';

export class BodyRefused extends Error {
  override name = 'BodyRefused';
  readonly code: BodyFault;

  constructor(code: BodyFault, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** The client has hung up before its body had come: no fault of ours, and none to hear of it. */
export class ClientGone extends Error {
  override name = 'ClientGone';
}

const READ_BYTES = 256 * 1024;

/** Gzip of health JSON shrinks it 10 to 40 times; a bomb does so a thousand times. */
const MAX_RATIO = 200;
/** Small bodies of few distinct values may shrink further without harm. */
const RATIO_MATTERS_BYTES = 1024 * 1024;
/** So much counts as come before what it becomes is weighed. */
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

export const tooLarge = (maxBytes: number) =>
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
    const { done, value } = await reader
      .readAtLeast(READ_BYTES, new Uint8Array(buffer))
      .catch((cause) => {
        throw new ClientGone('The body ended before its end', { cause });
      });
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

/** @throws BodyRefused also where it is no sound gzip */
async function* expanded(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytesIn = 0;
  let bytesOut = 0;
  const counted = async function* () {
    for await (const piece of compressed) {
      for (let from = 0; from < piece.length; from += GZIP_PIECE_BYTES) {
        const part = piece.subarray(from, from + GZIP_PIECE_BYTES);
        bytesIn += part.length;
        yield part;
      }
    }
  };
  try {
    for await (const piece of gunzip(counted())) {
      bytesOut += piece.length;
      refuseBomb(bytesIn, bytesOut);
      yield piece;
    }
  } catch (error) {
    if (error instanceof BodyRefused || error instanceof ClientGone) throw error;
    throw new BodyRefused('invalid_gzip', 'Its gzip is broken or ends too early.');
  }
}

function refuseBomb(bytesIn: number, bytesOut: number): void {
  if (bytesOut > RATIO_MATTERS_BYTES && bytesOut > bytesIn * MAX_RATIO) {
    throw new BodyRefused('expansion_refused', `It expands more than ${MAX_RATIO} times.`);
  }
}
