import { MaxPartsExceededError, parseMultipart } from '@remix-run/multipart-parser';
import { MAX_FILES } from '../limits.ts';
import { boundaryOf } from './kind.ts';
import { FilesRefused, tooManyFiles } from './refused.ts';
import type { PackedFile } from './zip.ts';

/** A field and a file name of the longest kind, with some room. */
const MAX_PART_HEADER_BYTES = 4096;

/** The files of a form, as parts of its bytes: the platform's own parser would copy them twice. @throws FilesRefused */
export function filesInForm(body: Uint8Array, contentType: string): PackedFile[] {
  const parts = parseMultipart(body, {
    boundary: boundaryOf(contentType) ?? '',
    maxParts: MAX_FILES,
    maxHeaderSize: MAX_PART_HEADER_BYTES,
    maxFileSize: body.length,
    maxTotalSize: body.length,
  });
  try {
    return Array.from(parts, ({ filename, name, size, content }) => ({
      name: filename || (name ?? ''),
      bytes: size,
      async *pieces() {
        yield* content;
      },
    }));
  } catch (error) {
    if (error instanceof MaxPartsExceededError) throw tooManyFiles('A form');
    throw new FilesRefused(
      'invalid_multipart',
      'The parts of the form are not ended. Send it again, or send JSON.',
    );
  }
}
