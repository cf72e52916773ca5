import { type Clock, writeInstant } from './calendar.ts';

/** Writes JSON as the app does: by Apple's serialiser, asked to print prettily. Pure. */

/** JSON in the making: a `Date` is an instant that the phone will write with its own clock. */
export type Draft =
  | string
  | number
  | boolean
  | null
  | Date
  | readonly Draft[]
  | { readonly [key: string]: Draft };

/**
 * Two spaces a level, a space on both sides of the colon, a blank line in empty arrays and objects, and
 * slashes escaped. Whoever reads it has to cope with all of that.
 */
export function printJson(value: Draft, clock: Clock, indent = ''): string {
  if (typeof value === 'string') return printText(value);
  if (value instanceof Date) return printText(writeInstant(value.getTime(), clock));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const print = (item: Draft): string => printJson(item, clock, inner);
  if (isList(value))
    return `[\n${value.map((item) => inner + print(item)).join(',\n')}\n${indent}]`;
  const lines = Object.entries(value).map(([key, v]) => `${inner}${printText(key)} : ${print(v)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

const isList = (value: object): value is readonly Draft[] => Array.isArray(value);

const printText = (text: string): string => JSON.stringify(text).replaceAll('/', '\\/');
