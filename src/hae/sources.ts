/** Who measured: the app names devices, apps or both, in several ways. Pure. */

export interface Source {
  /** Part of a series' identity: the same for every way of writing the same devices; `''` where none is named. */
  readonly source: string;
  /** The source as the app wrote it, without what no screen or database can show. */
  readonly displayName: string;
}

const UNNAMED: Source = { source: '', displayName: '' };

/** Makes text fit for storing: no control characters (Postgres refuses NUL), no lone surrogates, no outer blanks. */
export const cleanText = (raw: string): string =>
  raw
    .toWellFormed()
    .replace(/[\t-\r\u0085]/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();

/** Different sources in one payload: a dozen devices and apps in a few combinations, far below this. */
const REMEMBERED = 256;
/** Longer names are not worth the memory. */
const MAX_REMEMBERED_LENGTH = 256;

/**
 * Reads the `source` of a point: a name, several joined by a pipe in any order, or `{ name, identifier }`. Anything
 * else is no source. Long names are left for the caller to judge. It has a memory, because every point has a source,
 * and nearly always one of the few just seen.
 */
export function createSourceReader(): (raw: unknown) => Source {
  const known = new Map<string, Source>();
  return function readSource(raw) {
    const text = sourceText(raw);
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const source = fromText(text);
    if (known.size >= REMEMBERED) known.clear();
    if (text.length <= MAX_REMEMBERED_LENGTH) known.set(text, source);
    return source;
  };
}

function sourceText(raw: unknown): string {
  if (typeof raw === 'string') return raw;
  if (typeof raw !== 'object' || raw === null) return '';
  if ('name' in raw && typeof raw.name === 'string' && fromText(raw.name) !== UNNAMED) {
    return raw.name;
  }
  return 'identifier' in raw && typeof raw.identifier === 'string' ? raw.identifier : '';
}

function fromText(text: string): Source {
  const names = cleanText(text)
    // Format characters (zero-width spaces, marks of direction) come and go with the phone's settings.
    .replace(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .split('|')
    .map((name) => name.replace(/\s+/g, ' ').trim())
    .filter((name) => name !== '');
  if (names.length === 0) return UNNAMED;
  return { source: [...new Set(names)].sort().join('|'), displayName: cleanText(text) };
}
