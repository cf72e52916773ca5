/** What a body is, by its first bytes: what a phone says of it is not to be relied on. Pure. */

export type BodyKind = 'json' | 'zip' | 'multipart' | 'csv';

/** A file in it, or an archive without any. */
const ZIP_SIGNATURES = ['PK\u0003\u0004', 'PK\u0005\u0006'];

/** Dates come first in the app's tables of metrics, types in those of workouts. */
const CSV_HEADER =
  /^"?(date|datum|fecha|data|workout type|type|timestamp|дата|日付|日期|날짜)[^\n]*[,;\t]/i;

const HEAD_BYTES = 4096;

const WRITES =
  'This server reads what Health Auto Export writes: JSON, CSV, GPX, and zip archives of these.';
const HISTORY =
  'History comes in with the same app: export the years once by hand, as JSON (docs/phone.md).';

/** Where the name of the first file begins in a zip archive (PKWARE APPNOTE 4.3.7). */
const FIRST_NAME_AT = 30;
const APPLE_FOLDER = 'apple_health_export/';
const APPLE_XML = /^(<\?xml|<!doctype|<healthdata|<clinicaldocument)/i;
/** A first line of text with two cells at least. */
const TABLE_LINE = /^[^{[,;\t\n]+[,;\t]/;

/** A file that another app has made: what it is, and what to send instead; `null` for all else. */
export function foreignOf(head: Uint8Array, kind: BodyKind): string | null {
  const text = new TextDecoder().decode(head.subarray(0, HEAD_BYTES));
  const what =
    kind === 'zip' ? foreignZip(text) : kind === 'json' ? foreignText(text.trimStart()) : null;
  return what === null ? null : `${what} ${WRITES} ${HISTORY}`;
}

function foreignZip(text: string): string | null {
  const isApple = text.slice(0, FIRST_NAME_AT + APPLE_FOLDER.length).includes(APPLE_FOLDER);
  return isApple ? 'This is the export of Apple’s Health app.' : null;
}

function foreignText(text: string): string | null {
  if (APPLE_XML.test(text)) return 'This is XML, such as Apple’s Health app exports.';
  const end = text.indexOf('\n');
  if (end < 0 || !TABLE_LINE.test(text.slice(0, end))) return null;
  return 'This is a table, but its first column is none of Health Auto Export’s, such as Date or Workout Type.';
}

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
