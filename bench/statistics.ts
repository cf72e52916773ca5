/** Figures of a few rounds. The machine is shared: one round proves nothing. */

export const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? Number.NaN;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Round by round, so that what slows a whole round down cancels out. */
export const ratios = (over: readonly number[], under: readonly number[]): number[] =>
  over.map((value, round) => value / (under[round] ?? Number.NaN));

/** ` [0.31–0.36]`, or nothing for a single round. */
export function range(values: readonly number[]): string {
  if (values.length < 2) return '';
  return ` [${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}]`;
}
