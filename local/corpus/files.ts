import { kindOf } from '../../src/files/kind.ts';
import { openFiles } from '../../src/files/open.ts';
import { isSoundJson } from '../../src/ingest/sound-json.ts';

const MAX_BYTES = 1024 * 1024 * 1024;

/** The body as JSON, whatever the app has packed it into. */
export async function readFiles(body: Uint8Array, contentType: string | null): Promise<Uint8Array> {
  const kind = kindOf(body, contentType);
  if (kind === 'json') return body;
  const pieces: Uint8Array[] = [];
  const files = openFiles(kind, new Uint8Array(body), contentType, {
    maxBytes: MAX_BYTES,
    isSoundJson,
  });
  for await (const piece of files) pieces.push(piece);
  return Buffer.concat(pieces);
}
