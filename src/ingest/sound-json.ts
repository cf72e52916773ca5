import { pause } from '../files/pause.ts';
import { Cutter } from '../hae/cut.ts';
import { InvalidJson } from '../hae/scan.ts';

/** Of JSON that is looked through at once. */
const PAUSE_BYTES = 256 * 1024;

/** What the cutter takes by itself, it takes in a list with others. */
export async function isSoundJson(pieces: AsyncIterable<Uint8Array>): Promise<boolean> {
  const cutter = new Cutter({ sliceBytes: Number.POSITIVE_INFINITY });
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      cutter.push(piece);
      bytes += piece.length;
      if (bytes < PAUSE_BYTES) continue;
      bytes = 0;
      await pause();
    }
    cutter.end();
    return true;
  } catch (error) {
    if (error instanceof InvalidJson) return false;
    throw error;
  }
}
