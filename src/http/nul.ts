/**
 * Where in a value a text holds U+0000, if any does: JSON and URLs can write that character, Postgres has no text with
 * it. Better refused at the border than by every statement.
 */
export function placeOfNul(value: unknown): string[] | null {
  if (typeof value === 'string') return value.includes('\u0000') ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, each] of Object.entries(value)) {
    if (name.includes('\u0000')) return [];
    const place = placeOfNul(each);
    if (place !== null) return [name, ...place];
  }
  return null;
}
