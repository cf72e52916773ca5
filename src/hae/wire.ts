import { z } from 'zod';

/** The scalars of the wire, as leniently as they must be taken. Pure. */

// 1e400 is a JSON number that JavaScript reads as Infinity; it must reach `finite` to be named.
export const numeric = z
  .union([z.number(), z.string(), z.null(), z.literal([Infinity, -Infinity])])
  .optional();
export const when = z.union([z.string(), z.number(), z.null()]).optional();
export const text = z.string().nullish();
export const flag = z.boolean().nullish();
/** When something began and ended, under all the names that the app has for it. */
export const span = { start: when, startDate: when, date: when, end: when, endDate: when };
/** A name, or `{ name, identifier }`; anything else is no source. */
export const source = z.unknown().optional();
/** `{ qty, units }`, or a bare number in its place. */
export const quantity = z.union([numeric, z.looseObject({ qty: numeric, units: text })]);

export type Numeric = z.infer<typeof numeric>;
export type When = z.infer<typeof when>;
export type Span = { [field in keyof typeof span]?: When };

/** Numbers may come as text. Anything that is not a number of its own is refused, never guessed. */
export function finite(raw: Numeric): number | 'value_missing' | 'value_not_finite' {
  if (typeof raw === 'string') return finiteText(raw.trim());
  if (raw === null || raw === undefined) return 'value_missing';
  return Number.isFinite(raw) ? raw : 'value_not_finite';
}

/** As an array of `real` can hold it: Postgres refuses what is too large or too small for that. */
export const single = (number: number): number | null => {
  const rounded = Math.fround(number);
  return Number.isFinite(rounded) ? rounded : null;
};

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Decimal numbers only: `0x10` is sixteen to JavaScript, but a mistake to everybody else. */
function finiteText(text: string): number | 'value_missing' | 'value_not_finite' {
  if (text === '') return 'value_missing';
  return DECIMAL.test(text) ? finite(Number(text)) : 'value_not_finite';
}
