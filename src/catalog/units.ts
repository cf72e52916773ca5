import type { Metric } from './kinds.ts';
import { CASE_MATTERS, COUNTED_IN, type Scale, UNITS } from './unit-table.ts';

/** From the unit of a metric block on the wire to the metric's own. Pure. */
export interface Conversion {
  /** The unit that converted values are in. */
  unit: string;
  convert(value: number): number;
}

export interface Unit {
  /** As the table spells it. */
  name: string;
  dimension: string;
  scale: Scale;
}

const BY_SPELLING: ReadonlyMap<string, Unit> = new Map(
  Object.entries(UNITS).flatMap(([dimension, units]) =>
    Object.entries(units).map(([name, scale]) => [spelling(name), { name, dimension, scale }]),
  ),
);

/** The unit of this name, in any of its spellings. */
export const findUnit = (name: string): Unit | undefined => BY_SPELLING.get(spelling(name));

/**
 * How values in the unit `from` become values in the metric's own unit. A missing or empty unit counts as that.
 *
 * @returns `undefined` where the unit is unknown or measures something else than the metric.
 */
export function converter(
  from: string | null,
  metric: Pick<Metric, 'name' | 'unit'>,
): Conversion | undefined {
  const { name, unit } = metric;
  const wanted = spelling(unit);
  const given = spelling(from ?? '');
  if (given === '' || given === wanted || given === COUNTED_IN[name]) return conversion(unit, SAME);

  const source = BY_SPELLING.get(given);
  const target = BY_SPELLING.get(wanted);
  if (source === undefined || source.dimension !== target?.dimension) return undefined;
  return conversion(unit, compose(source.scale, target.scale));
}

const SAME: Required<Scale> = [1, 1, 0];

/** One scale from the first unit to the second, by way of the base unit and in lowest terms. */
function compose(source: Scale, target: Scale): Required<Scale> {
  const [multiply, divide, add = 0] = source;
  const [targetMultiply, targetDivide, targetAdd = 0] = target;
  const numerator = multiply * targetDivide;
  const denominator = divide * targetMultiply;
  const shift = add * targetDivide - targetAdd * divide;
  const common = divisor(divisor(numerator, denominator), Math.abs(shift));
  return [numerator / common, denominator / common, shift / common];
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** With {@link SAME}, `convert` gives back exactly what it was given. */
const conversion = (unit: string, [multiply, divide, add]: Required<Scale>): Conversion => ({
  unit,
  convert: (value) => (value * multiply + add) / divide,
});

/**
 * What the spellings of one unit have in common: no blanks and underscores, one micro sign, one degree sign, one
 * dot; no molar mass (`mmol<180.15588>/L`); lower case where case carries no meaning.
 */
function spelling(unit: string): string {
  const plain = unit
    // Before NFKC, which makes a letter o of the one and a blank of the other.
    .replace(/[º˚]/g, '°')
    .normalize('NFKC')
    .replace(/[\s_\p{Cf}]/gu, '')
    .replace(/[⋅∙•‧*]/g, '·')
    .replace(/<[\d.]+>/, '');
  const folded = plain.toLowerCase();
  return CASE_MATTERS.has(folded) ? plain : folded;
}
