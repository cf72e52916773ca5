export class FilesRefused extends Error {
  readonly code: 'invalid_zip' | 'invalid_multipart' | 'expansion_refused' | 'body_too_large' =
    'invalid_zip';
}
export async function* openFiles(
  _kind: string,
  _bytes: Uint8Array,
  _contentType: string | null,
  _limits: { maxBytes: number },
): AsyncGenerator<Uint8Array> {}
