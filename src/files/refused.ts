import { MAX_FILES } from '../limits.ts';

/** A body whose files cannot be opened. The message names the cure, never what is in it. */
export class FilesRefused extends Error {
  override name = 'FilesRefused';
  readonly code: 'invalid_zip' | 'invalid_multipart' | 'expansion_refused' | 'body_too_large';

  constructor(code: FilesRefused['code'], reason: string) {
    super(reason);
    this.code = code;
  }
}

export const tooManyFiles = (where: string): FilesRefused =>
  new FilesRefused(
    'body_too_large',
    `${where} may have ${MAX_FILES.toLocaleString('en')} files (MAX_FILES). Send it in parts.`,
  );
