/** One range of bytes, as a download that was cut off asks for the rest (RFC 9110, section 14). Pure. */

export interface ByteRange {
  offset: number;
  length: number;
}

/**
 * @param header of the request; of several ranges, or of another unit, none is given: the whole is a valid answer.
 * @returns `null` for the whole, `unsatisfiable` where nothing of the file is meant
 */
export function readRange(
  header: string | undefined,
  size: number,
): ByteRange | null | 'unsatisfiable' {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { offset: size - length, length };
  }
  const offset = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < offset) return null;
  return offset >= size ? 'unsatisfiable' : { offset, length: end - offset + 1 };
}
