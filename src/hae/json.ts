import type { Json } from '../model.ts';

/** Parts of a payload that are kept as they came. Pure. */

/** Deeper than anything the app sends; what lies below stays in the archive alone. */
const MAX_DEPTH = 32;

/** Fit for `jsonb`, which takes neither NUL nor lone surrogates. */
export function cleanJson(value: unknown, depth = 0): Json {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((each) => cleanJson(each, depth + 1));
  // From entries, because assigning to `__proto__` would not make a field.
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [clean(key), cleanJson(each, depth + 1)]),
  );
}

const clean = (text: string): string => text.toWellFormed().replaceAll('\0', '');
