/** What a body is, by its first bytes: what a phone says of it is not to be relied on. Pure. */

export type BodyKind = 'json' | 'zip' | 'multipart' | 'csv';

/** A file in it, or an archive without any. */
const ZIP_SIGNATURES = ['PK\u0003\u0004', 'PK\u0005\u0006'];

/** Dates come first in the app's tables of metrics, types in those of workouts. */
const CSV_HEADER =
  /^"?(date|datum|fecha|data|workout type|type|timestamp|дата|日付|日期|날짜)[^\n]*[,;\t]/i;

const HEAD_BYTES = 4096;

/** What is none of the others is taken for JSON: the scanner then says what is wrong with it. */
export function kindOf(head: Uint8Array, contentType: string | null): BodyKind {
  const text = new TextDecoder().decode(head.subarray(0, HEAD_BYTES)).trimStart();
  if (ZIP_SIGNATURES.some((signature) => text.startsWith(signature))) return 'zip';
  if (text.startsWith('{') || text.startsWith('[')) return 'json';
  const boundary = boundaryOf(contentType);
  if (boundary !== null && text.startsWith(`--${boundary}`)) return 'multipart';
  return CSV_HEADER.test(text) ? 'csv' : 'json';
}

export function boundaryOf(contentType: string | null): string | null {
  if (!contentType?.toLowerCase().startsWith('multipart/form-data')) return null;
  return /boundary="?([^";]+)/i.exec(contentType)?.[1] ?? null;
}
