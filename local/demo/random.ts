/** Chance that can be repeated: the same seed and labels always give the same numbers. Pure. */

/** Gives the next number in [0, 1). */
export type Random = () => number;

/** mulberry32 by Tommy Ettinger (public domain): 32 bits of state, good enough for invented people. */
export function mulberry32(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A stream of its own for each purpose, such as `randomFor(seed, '2026-03-02', 'meals')`. A metric that is
 * added later therefore changes no other metric, and any day can be made without the days before it.
 */
export function randomFor(seed: number, ...labels: (string | number)[]): Random {
  const text = labels.join('/');
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193); // FNV-1a
  }
  return mulberry32(hash);
}

/** Mostly near `mean`, never further than `spread` from it. */
export function around(random: Random, mean: number, spread: number): number {
  return mean + ((random() + random() + random()) / 1.5 - 1) * spread;
}

export const chance = (random: Random, probability: number): boolean => random() < probability;

export function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}

export function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/** An upper-case UUID, as the phone writes them. */
export function uuid(random: Random): string {
  const digit = () => Math.floor(random() * 16).toString(16);
  const pattern = 'xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx';
  return pattern.replaceAll('x', digit).toUpperCase();
}
