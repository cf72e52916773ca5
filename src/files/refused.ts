/** A body whose files cannot be opened. The message names the cure, never what is in it. */
export class FilesRefused extends Error {
  override name = 'FilesRefused';
  readonly code: 'invalid_zip' | 'invalid_multipart' | 'expansion_refused' | 'body_too_large';

  constructor(code: FilesRefused['code'], reason: string) {
    super(reason);
    this.code = code;
  }
}
