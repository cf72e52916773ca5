import { FilesRefused } from './refused.ts';
import type { PackedFile } from './zip.ts';

/** The files of a form, by the platform's own parser. @throws FilesRefused */
export async function filesInForm(
  body: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<PackedFile[]> {
  const form = await new Response(body, { headers: { 'Content-Type': contentType } })
    .formData()
    .catch(() => {
      throw new FilesRefused(
        'invalid_multipart',
        'The parts of the form are not ended. Send it again, or send JSON.',
      );
    });
  const files: PackedFile[] = [];
  for (const [field, value] of form) {
    const part: unknown = value;
    const isFile = part instanceof File;
    const content = isFile
      ? new Uint8Array(await part.arrayBuffer())
      : new TextEncoder().encode(String(part));
    files.push({
      name: isFile && part.name !== '' ? part.name : field,
      bytes: content.length,
      *pieces() {
        yield content;
      },
    });
  }
  return files;
}
