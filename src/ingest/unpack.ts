import { kindOf } from '../files/kind.ts';
import { openFiles } from '../files/open.ts';
import { BodyRefused } from './body.ts';
import { isSoundJson } from './sound-json.ts';

/** What a body is made of, once it is opened. */
interface Unpacked {
  /** JSON, whatever came. */
  pieces: AsyncGenerator<Uint8Array>;
  /** The zip or the form that the JSON is made of; `null` if JSON is what came. */
  original: Uint8Array | null;
}

/**
 * Looks at the first bytes of a body, and opens it if it packs files.
 * @throws BodyRefused; the pieces throw FilesRefused
 */
export async function unpack(
  body: AsyncGenerator<Uint8Array>,
  contentType: string | null,
  { maxBytes, maxFilesBytes }: { maxBytes: number; maxFilesBytes: number },
): Promise<Unpacked> {
  const first = await body.next();
  if (first.done) return { pieces: body, original: null };
  const kind = kindOf(first.value, contentType);
  if (kind === 'json') return { pieces: startingWith(first.value, body), original: null };

  // The platform's parser of forms holds them twice.
  const original = await gather(first.value, body, maxFilesBytes / (kind === 'zip' ? 1 : 2));
  return { pieces: openFiles(kind, original, contentType, { maxBytes, isSoundJson }), original };
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

async function gather(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Pieces live in a buffer that is used again: each is copied.
  const pieces = [first.slice()];
  let bytes = first.length;
  for await (const piece of rest) {
    bytes += piece.length;
    if (bytes > maxBytes) {
      throw new BodyRefused(
        'body_too_large',
        `Zip archives and CSV forms may have ${maxBytes} bytes; JSON may have more.`,
      );
    }
    pieces.push(piece.slice());
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
