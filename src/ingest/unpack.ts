import { foreignOf, kindOf } from '../files/kind.ts';
import { openFiles } from '../files/open.ts';
import { BodyRefused } from './body.ts';
import { gather } from './gather.ts';
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
  const foreign = foreignOf(first.value, kind);
  if (foreign !== null) throw new BodyRefused('foreign_export', foreign);
  if (kind === 'json') return { pieces: startingWith(first.value, body), original: null };

  // Tables become more JSON than what a zip has packed, and leave more garbage behind (docs/decisions/0010).
  const mostBytes = Math.floor(maxFilesBytes / (kind === 'zip' ? 1 : 4));
  const original = await gather(startingWith(first.value, body), mostBytes, () => {
    const reason = `Zip archives and CSV forms may have ${mostBytes} bytes; JSON may have more.`;
    return new BodyRefused('body_too_large', reason);
  });
  return { pieces: openFiles(kind, original, contentType, { maxBytes, isSoundJson }), original };
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}
