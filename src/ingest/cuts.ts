import { fingerprintOf } from '../hae/fingerprint.ts';
import type { Slice } from '../model.ts';

/**
 * How a body was cut, as text: the slice size, and a hash of all cuts. A release may cut in another way; then slices
 * of the same number are other bytes.
 */
export const cutOf = (sliceBytes: number, slices: readonly Slice[]): string =>
  `${sliceBytes}:${fingerprintOf(slices.map(({ start, end, items }) => [start, end, items]))}`;

/** The slice size of a cut; `null` if it says none. */
export const sliceBytesOf = (cut: string): number | null => Number.parseInt(cut, 10) || null;
