/** What is held whole grows from here, by doubling: its length is known only where the client says it, and does so truly. */
const FIRST_BYTES = 512 * 1024;

/**
 * Pieces as a whole. They may live in a buffer that is used again, so they are copied as they come; what the whole has
 * outgrown is given back at once, not left to the garbage collector.
 * @param tooLarge what to throw if there are more than `maxBytes`.
 */
export async function gather(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => Error,
): Promise<Uint8Array<ArrayBuffer>> {
  let whole = new ArrayBuffer(Math.min(FIRST_BYTES, maxBytes));
  let bytes = 0;
  for await (const piece of pieces) {
    const needed = bytes + piece.length;
    if (needed > maxBytes) throw tooLarge();
    if (needed > whole.byteLength) {
      whole = whole.transfer(Math.min(maxBytes, Math.max(needed, 2 * whole.byteLength)));
    }
    new Uint8Array(whole).set(piece, bytes);
    bytes = needed;
  }
  return new Uint8Array(whole, 0, bytes);
}
