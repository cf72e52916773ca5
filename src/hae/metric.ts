import { canonicalName, findMetric, SPLIT_PRESSURE } from '../catalog/metrics.ts';
import { type Conversion, converter } from '../catalog/units.ts';
import type { IssueCode, SeriesIdentity } from '../model.ts';
import type { Collector } from './collect.ts';
import type { DecodeContext } from './context.ts';
import { isPlausible, parseDate } from './dates.ts';
import { type Block, UNREADABLE } from './payload.ts';
import { type Reading, readPoint } from './points.ts';
import { cleanText, createSourceReader } from './sources.ts';

/**
 * Longer texts are set aside: nothing that the app is known to send comes near. At three bytes a character they
 * still fit, all together, the 2,704 bytes that an index row of Postgres may have.
 */
const MAX_NAME = 200;
const MAX_UNIT = 50;
const MAX_CONTEXT = 100;
const MAX_SOURCE = 400;

/** A metric as its points need it. */
interface Heading {
  metric: string;
  conversion: Conversion;
  /** The values are kept as they came, under a unit that this metric should not have. */
  unitUnknown: boolean;
  raiseOnly: boolean;
  /** Which half of a blood pressure reading the points are, where they come split. */
  half: 'systolic' | 'diastolic' | null;
}

/** Decodes the points of one metric. Pure. */
export function decodeMetric(
  block: Block,
  head: { name: unknown; units: unknown },
  context: DecodeContext,
  collector: Collector,
): void {
  const heading = readHeading(head.name, head.units, context);
  const fault = typeof heading === 'string' ? heading : null;
  const metric = typeof heading === 'string' ? block.section : heading.metric;
  const points = typeof heading === 'string' ? null : new PointDecoder(heading, context, collector);

  block.items.forEach((item, i) => {
    const code = item === UNREADABLE ? 'invalid_json' : (fault ?? points?.decode(item, block, i));
    if (code) collector.setAside(metric, block.pointers(i), code);
  });
}

function readHeading(name: unknown, units: unknown, context: DecodeContext): Heading | IssueCode {
  const wireName = typeof name === 'string' ? cleanText(name) : '';
  const unit = typeof units === 'string' ? cleanText(units) : '';
  const canonical = canonicalName(wireName);
  if (canonical === '') return 'name_missing';
  if (canonical.length > MAX_NAME || unit.length > MAX_UNIT) return 'text_too_long';

  const half = SPLIT_PRESSURE.get(canonical) ?? null;
  const known = findMetric(half === null ? wireName : 'blood_pressure');
  const conversion = known && converter(unit, known);
  return {
    metric: known?.name ?? canonical,
    conversion: conversion ?? { unit, convert: (value) => value },
    unitUnknown: known !== undefined && conversion === undefined,
    raiseOnly: context.partialBuckets && known?.kind === 'sum',
    half,
  };
}

class PointDecoder {
  readonly #heading: Heading;
  readonly #context: DecodeContext;
  readonly #collector: Collector;
  readonly #readSource = createSourceReader();
  readonly #series = new Map<string, SeriesIdentity>();

  constructor(heading: Heading, context: DecodeContext, collector: Collector) {
    this.#heading = heading;
    this.#context = context;
    this.#collector = collector;
  }

  /** Hands the point to the collector. @returns why not, or `null`. */
  decode(item: unknown, block: Block, i: number): IssueCode | null {
    const reading = readPoint(item);
    if (typeof reading === 'string') return reading;
    const moment = this.#readMoment(reading);
    if (typeof moment === 'string') return moment;
    const series = this.#seriesOf(reading);
    if (typeof series === 'string') return series;
    const code = this.#add(reading, series, moment);
    if (code === null) this.#remark(reading, moment, block, i);
    return code;
  }

  #readMoment({ date, end }: Reading): Moment | IssueCode {
    if (date === null) return 'date_missing';
    const { timeZone, receivedAt } = this.#context;
    const start = parseDate(date, timeZone);
    const finish = end === null ? null : parseDate(end, timeZone);
    if (!start.ok || finish?.ok === false) return 'invalid_date';
    if (!isPlausible(start.at, receivedAt)) return 'implausible_date';
    if (finish !== null && !isPlausible(finish.at, receivedAt)) return 'implausible_date';
    return {
      recordedAt: start.at,
      endedAt: finish?.at ?? null,
      offsetMissing: start.offsetMissing || finish?.offsetMissing === true,
    };
  }

  #seriesOf({ source: raw, context: rawContext }: Reading): SeriesIdentity | IssueCode {
    const { source, displayName } = this.#readSource(raw);
    const context = rawContext === '' ? '' : cleanText(rawContext);
    // Normalising may lengthen a text: some ligatures stand for a dozen letters.
    const longest = Math.max(source.length, displayName.length);
    if (longest > MAX_SOURCE || context.length > MAX_CONTEXT) return 'text_too_long';
    const key = `${source}\n${context}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      const { metric, conversion } = this.#heading;
      const { grouping } = this.#context;
      const { unit } = conversion;
      series = this.#collector.series({ metric, source, grouping, context, displayName, unit });
      this.#series.set(key, series);
    }
    return series;
  }

  #add(
    reading: Reading,
    series: SeriesIdentity,
    { recordedAt, endedAt }: Moment,
  ): IssueCode | null {
    const { raiseOnly, half, metric } = this.#heading;
    if (metric === 'blood_pressure') {
      const pressure = pressureOf(reading, half);
      if (pressure === null) return 'unrecognised_shape';
      const systolic = this.#convert(pressure.systolic);
      const diastolic = this.#convert(pressure.diastolic);
      if (!areFinite(systolic, diastolic)) return 'value_not_finite';
      const { pulse } = pressure;
      this.#collector.addPressure(series, { recordedAt, systolic, diastolic, pulse });
      return null;
    }
    if (reading.shape === 'pressure') return 'unrecognised_shape';
    const range = reading.shape === 'range' ? reading : { min: null, max: null };
    const value = this.#heading.conversion.convert(reading.value);
    const min = this.#convert(range.min);
    const max = this.#convert(range.max);
    if (!areFinite(value, min, max)) return 'value_not_finite';
    this.#collector.addSample(series, raiseOnly, { recordedAt, value, min, max, endedAt });
    return null;
  }

  #convert(value: number | null): number | null {
    return value === null ? null : this.#heading.conversion.convert(value);
  }

  #remark(reading: Reading, moment: Moment, block: Block, i: number): void {
    const { metric, unitUnknown } = this.#heading;
    const remarks: IssueCode[] = [];
    if (moment.offsetMissing) remarks.push('offset_missing');
    if (unitUnknown) remarks.push('unit_unknown');
    if (reading.shape === 'range' && reading.averageMissing) remarks.push('average_missing');
    for (const code of remarks) this.#collector.remark(metric, block.pointers(i), code);
  }
}

/** A conversion may lift a value out of the range of numbers. */
const areFinite = (...values: (number | null)[]): boolean =>
  values.every((value) => value === null || Number.isFinite(value));

interface Moment {
  recordedAt: number;
  endedAt: number | null;
  offsetMissing: boolean;
}

/** The reading as blood pressure: whole, or the half that its metric's name says. */
function pressureOf(reading: Reading, half: Heading['half']) {
  if (reading.shape === 'pressure') return reading;
  if (reading.shape !== 'quantity' || half === null) return null;
  const halves = { systolic: null, diastolic: null, pulse: null };
  return { ...halves, [half]: reading.value };
}
