import { v5 as uuidv5 } from 'uuid';

/** What records say, in a few bytes. Pure. */

const NAMESPACE = '0b8f5c0e-6a1d-4f57-9e0a-0f4e8d5a2c61';

/**
 * What a record says, as a UUID: equal records need no second look, and of two records for the same thing in one
 * payload the greater fingerprint stands, so that order and slicing do not matter.
 */
export const fingerprintOf = (record: unknown): string => uuidv5(JSON.stringify(record), NAMESPACE);

/**
 * The same for the many numbers of a recording, for which hashing their text would cost more than all else: two
 * multiplicative hashes over their bits, one forwards with each half. `null` is unlike any number.
 */
export function digestOf(numbers: Iterable<number | null>): string {
  const float = new Float64Array(1);
  const halves = new Uint32Array(float.buffer);
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (const number of numbers) {
    float[0] = number ?? Number.NEGATIVE_INFINITY;
    const [low = 0, high = 0] = halves;
    a = Math.imul((a ^ low) + high, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul((b ^ high) + low + a, 0x85ebca77);
    b ^= b >>> 13;
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}
