import { pause } from './pause.ts';

/** Deflate expands at most 1,032 times: what one part may become stays below 9 MB. */
const PART_BYTES = 8 * 1024;

/**
 * By the runtime's own gzip, which also checks length and checksum at the end. It takes whatever is written without
 * waiting for a reader, so it gets one small part at a time, and all that this becomes is read before the next.
 * @throws what the pieces throw, and what the runtime throws where they are no gzip
 */
export async function* gunzip(
  compressed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  let pending = quiet(reader.read());
  try {
    let part = new Uint8Array(PART_BYTES);
    let filled = 0;
    for await (const piece of compressed) {
      for (let from = 0; from < piece.length; ) {
        const taken = piece.subarray(from, from + PART_BYTES - filled);
        part.set(taken, filled);
        filled += taken.length;
        from += taken.length;
        if (filled < PART_BYTES) continue;
        await Promise.race([quiet(writer.write(part)), pending]);
        part = new Uint8Array(PART_BYTES);
        filled = 0;
        for (let out = await atOnce(pending); out?.value; out = await atOnce(pending)) {
          yield out.value;
          pending = quiet(reader.read());
        }
      }
    }
    // What is small comes by here alone, and waits for nothing.
    const closed = quiet(Promise.all([writer.write(part.subarray(0, filled)), writer.close()]));
    for (let out = await pending; out.value; out = await reader.read()) yield out.value;
    await closed;
  } finally {
    await writer.abort().catch(() => {});
  }
}

/** Its failure is heard where it is awaited; before that it must not count as unhandled. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** What a read gives, if it gives it without more being written. */
const atOnce = <T>(read: Promise<T>): Promise<T | null> =>
  Promise.race([read, pause().then(() => null)]);
