import { hex } from '../hex.ts';
import { crc32 } from './crc32.ts';

/** What is known of a file once all of it has passed. */
export interface Packed {
  bytes: number;
  packed: number;
  crc32: number;
  /** Of its bytes before compression, in hex. */
  sha256: string;
}

/** Takes a file as it comes, compresses it, and counts it on the way. */
export interface Packer {
  write(piece: Uint8Array): Promise<void>;
  close(): Promise<Packed>;
  /** Bytes that went in so far. */
  readonly bytes: number;
}

/** @param emit takes the compressed bytes as they come; what it throws, `write` and `close` throw. */
export function openPacker(emit: (piece: Uint8Array) => Promise<void> | void): Packer {
  const deflate = new CompressionStream('deflate-raw');
  const hash = new crypto.DigestStream('SHA-256');
  const [into, hashed] = [deflate.writable.getWriter(), hash.getWriter()];
  const counted = { bytes: 0, packed: 0, crc32: 0 };
  const drained = (async () => {
    for await (const piece of deflate.readable) {
      counted.packed += piece.length;
      await emit(piece);
    }
  })();
  // Whoever writes hears of it.
  drained.catch(() => {});
  // A stream that nobody reads any more would leave a write waiting.
  const orFailure = (work: Promise<unknown>) => Promise.race([work, failureOf(drained)]);
  return {
    get bytes() {
      return counted.bytes;
    },
    write: async (piece) => {
      counted.bytes += piece.length;
      counted.crc32 = crc32(piece, counted.crc32);
      await Promise.all([hashed.write(piece), orFailure(into.write(piece))]);
    },
    close: async () => {
      await Promise.all([hashed.close(), orFailure(into.close())]);
      await drained;
      return { ...counted, sha256: hex(await hash.digest) };
    },
  };
}

async function failureOf(work: Promise<unknown>): Promise<never> {
  await work;
  return new Promise(() => {});
}
