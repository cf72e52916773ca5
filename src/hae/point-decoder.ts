import type { BloodPressure, IssueCode, Sample, SeriesIdentity } from '../model.ts';
import type { Collector } from './collect.ts';
import type { DecodeContext } from './context.ts';
import { isPlausible, parseDate } from './dates.ts';
import type { Heading } from './heading.ts';
import { type Reading, readPoint } from './points.ts';
import { cleanText } from './sources.ts';

/** Decodes the points of one metric, in all the shapes that a number may have. Pure. */

const MAX_CONTEXT = 100;
const MAX_SOURCE = 400;

export type DecodedPoint =
  | { series: SeriesIdentity; sample: Sample; pressure: null }
  | { series: SeriesIdentity; sample: null; pressure: BloodPressure };

type Remark = (code: IssueCode) => void;

interface Moment {
  recordedAt: number;
  endedAt: number | null;
}

export class PointDecoder {
  readonly #heading: Heading;
  readonly #context: DecodeContext;
  readonly #collector: Collector;
  readonly #series = new Map<string, SeriesIdentity>();

  constructor(heading: Heading, context: DecodeContext, collector: Collector) {
    this.#heading = heading;
    this.#context = context;
    this.#collector = collector;
  }

  /** @returns the point, or why it cannot be stored. Remarks are for points that are. */
  decode(item: unknown, remark: Remark): DecodedPoint | IssueCode {
    const reading = readPoint(item);
    if (typeof reading === 'string') return reading;
    const moment = this.#readMoment(reading, remark);
    if (typeof moment === 'string') return moment;
    const series = this.#seriesOf(reading);
    if (typeof series === 'string') return series;
    const point = this.#point(reading, series, moment);
    if (typeof point !== 'string') this.#judge(reading, point, remark);
    return point;
  }

  #readMoment({ date, end }: Reading, remark: Remark): Moment | IssueCode {
    if (date === null) return 'date_missing';
    const { timeZone, receivedAt } = this.#context;
    const start = parseDate(date, timeZone);
    const finish = end === null ? null : parseDate(end, timeZone);
    if (!start.ok || finish?.ok === false) return 'invalid_date';
    if (!isPlausible(start.at, receivedAt)) return 'implausible_date';
    if (finish !== null && !isPlausible(finish.at, receivedAt)) return 'implausible_date';
    if (start.offsetMissing || finish?.offsetMissing === true) remark('offset_missing');
    return { recordedAt: start.at, endedAt: finish?.at ?? null };
  }

  #seriesOf({ source: raw, context: rawContext }: Reading): SeriesIdentity | IssueCode {
    const { source, displayName } = this.#collector.readSource(raw);
    const context = rawContext === '' ? this.#heading.context : cleanText(rawContext);
    // Normalising may lengthen a text: some ligatures stand for a dozen letters.
    const longest = Math.max(source.length, displayName.length);
    if (longest > MAX_SOURCE || context.length > MAX_CONTEXT) return 'text_too_long';
    const key = `${source}\n${context}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      const { metric, grouping, conversion } = this.#heading;
      const { unit } = conversion;
      const identity = { metric, source, grouping, context, displayName, unit };
      series = this.#collector.series(identity) ?? undefined;
      if (series === undefined) return 'too_many_series';
      this.#series.set(key, series);
    }
    return series;
  }

  #point(reading: Reading, series: SeriesIdentity, moment: Moment): DecodedPoint | IssueCode {
    const { half, metric } = this.#heading;
    if (metric === 'blood_pressure')
      return this.#pressure(pressureOf(reading, half), series, moment);
    if (reading.shape === 'pressure') return 'unrecognised_shape';
    const range = reading.shape === 'range' ? reading : { min: null, max: null };
    const value = this.#heading.conversion.convert(reading.value);
    const min = this.#convert(range.min);
    const max = this.#convert(range.max);
    if (!areFinite(value, min, max)) return 'value_not_finite';
    if (value === 0 && this.#heading.zeroMeansNone) return 'zero_means_none';
    return { series, sample: { ...moment, value, min, max }, pressure: null };
  }

  #pressure(
    pressure: Omit<BloodPressure, 'recordedAt'> | null,
    series: SeriesIdentity,
    { recordedAt }: Moment,
  ): DecodedPoint | IssueCode {
    if (pressure === null) return 'unrecognised_shape';
    const systolic = this.#convert(pressure.systolic);
    const diastolic = this.#convert(pressure.diastolic);
    if (!areFinite(systolic, diastolic)) return 'value_not_finite';
    const { pulse } = pressure;
    return { series, sample: null, pressure: { recordedAt, systolic, diastolic, pulse } };
  }

  #convert(value: number | null): number | null {
    return value === null ? null : this.#heading.conversion.convert(value);
  }

  #judge(reading: Reading, { sample }: DecodedPoint, remark: Remark): void {
    if (this.#heading.unitUnknown) remark('unit_unknown');
    if (reading.shape === 'range' && reading.averageMissing) remark('average_missing');
    if (this.#heading.isSum && sample !== null && sample.value < 0) remark('value_implausible');
  }
}

/** A conversion may lift a value out of the range of numbers. */
const areFinite = (...values: (number | null)[]): boolean =>
  values.every((value) => value === null || Number.isFinite(value));

/** The reading as blood pressure: whole, or the half that its metric's name says. */
function pressureOf(reading: Reading, half: Heading['half']) {
  if (reading.shape === 'pressure') return reading;
  if (reading.shape !== 'quantity' || half === null) return null;
  const halves = { systolic: null, diastolic: null, pulse: null };
  return { ...halves, [half]: reading.value };
}
