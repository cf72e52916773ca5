import { METRICS } from './metrics.ts';
import { HOLDS_FOR, UNITS } from './unit-table.ts';
import { converter, findUnit } from './units.ts';

/** From the unit that values are stored in to the one that a person wants to see: the way in, backwards. Pure. */

/** For units that values are stored in, the unit to show: `{ "km": "mi" }`. */
export type UnitChoice = Readonly<Record<string, string>>;

/** How the numbers of one metric are shown. */
export interface Display {
  unit: string;
  value(stored: number): number;
  /** For what lies between two values: a degree more is 1.8 °F more, not 33.8. */
  difference(stored: number): number;
}

/** @param unit what the values are in, which for a unit unknown to the catalogue is that unit itself */
export function displayOf(metric: string, unit: string, choice: UnitChoice): Display {
  const shown = Object.hasOwn(choice, unit) ? choice[unit] : unit;
  const conversion =
    shown === undefined || shown === unit ? undefined : outward(metric, unit, shown);
  if (conversion === undefined) return { unit, value: same, difference: same };
  const { convert } = conversion;
  const zero = convert(0);
  return {
    unit: conversion.unit,
    value: (stored) => readable(convert(stored)),
    difference: (stored) => readable(convert(stored) - zero),
  };
}

/**
 * A number that was computed, as people read it: 4786.9, not 4786.900000000001. Twelve digits are far finer than anything
 * is measured, and what adding and converting doubles gets wrong comes after them. What is stored is never touched.
 */
export const readable = (value: number): number => Number(value.toPrecision(12));

const same = (stored: number): number => stored;

function outward(metric: string, unit: string, shown: string) {
  const only = HOLDS_FOR[findUnit(unit)?.dimension ?? ''];
  if (only !== undefined && only !== metric) return undefined;
  return converter(unit, { name: metric, unit: shown });
}

/** Units that values of the catalogue are stored in. */
export const STORED_UNITS: ReadonlySet<string> = new Set(METRICS.map(({ unit }) => unit));

/** What values in this unit can be shown in, in the spelling of the unit table. */
export const unitsBeside = (unit: string): string[] =>
  Object.keys(UNITS[findUnit(unit)?.dimension ?? ''] ?? {});
