import type { z } from 'zod';
import type { IssueCode, Json, SeriesIdentity } from '../model.ts';
import type { Collector } from './collect.ts';
import type { DecodeContext } from './context.ts';
import { isPlausible, parseDate } from './dates.ts';
import { cleanJson } from './json.ts';
import { cleanText, type Source } from './sources.ts';
import { finite, type Numeric, type Span, type When } from './wire.ts';

/** One item of a section, field by field: what cannot be read ends the item with its reason. Pure. */

/** Thrown by a decoder whose item cannot be stored. */
export class SetAside extends Error {
  readonly code: IssueCode;

  constructor(code: IssueCode) {
    super(code);
    this.code = code;
  }
}

/** Where an item stands, and what its meaning depends on. */
export interface ItemPlace {
  section: string;
  pointer: string;
  context: DecodeContext;
  collector: Collector;
}

/** Names longer than these are no names; together they fit an index row of Postgres. */
const MAX_TEXT = 400;

export class Item<S extends z.ZodRawShape> {
  readonly fields: z.infer<z.ZodObject<S>>;
  readonly place: ItemPlace;
  readonly #schema: z.ZodObject<S>;
  readonly #raw: object;

  /** @throws SetAside if the fields are not what the schema says. */
  constructor(raw: unknown, schema: z.ZodObject<S>, place: ItemPlace) {
    const parsed = schema.safeParse(raw);
    if (!parsed.success || typeof raw !== 'object' || raw === null) {
      throw new SetAside('unrecognised_shape');
    }
    this.fields = parsed.data;
    this.place = place;
    this.#schema = schema;
    this.#raw = raw;
  }

  /** The moment in the first of these values that is there; Unix milliseconds. @throws SetAside */
  moment(...candidates: When[]): number {
    const at = this.optionalMoment(...candidates);
    if (at === null) throw new SetAside('date_missing');
    return at;
  }

  /** @throws SetAside if there is one that cannot be read. */
  optionalMoment(...candidates: When[]): number | null {
    const value = candidates.find(isThere);
    if (value === undefined || value === null) return null;
    const { context } = this.place;
    const date = parseDate(value, context.timeZone);
    if (!date.ok) throw new SetAside('invalid_date');
    if (!isPlausible(date.at, context.receivedAt)) throw new SetAside('implausible_date');
    if (date.offsetMissing) this.remark('offset_missing');
    return date.at;
  }

  /** @throws SetAside without a beginning, or if the end lies before it. */
  span({ start, startDate, date, end, endDate }: Span): {
    startedAt: number;
    endedAt: number | null;
  } {
    const startedAt = this.moment(start, startDate, date);
    const endedAt = this.optionalMoment(end, endDate);
    if (endedAt !== null && endedAt < startedAt) throw new SetAside('ends_before_start');
    return { startedAt, endedAt };
  }

  /** @throws SetAside if it is no number. */
  number(raw: Numeric): number | null {
    const number = finite(raw);
    if (number === 'value_not_finite') throw new SetAside(number);
    return number === 'value_missing' ? null : number;
  }

  /** `''` for none. @throws SetAside if it is too long. */
  text(raw: string | null | undefined): string {
    const clean = cleanText(raw ?? '');
    if (clean.length > MAX_TEXT) throw new SetAside('text_too_long');
    return clean;
  }

  /** @throws SetAside if its name is too long. */
  source(raw: unknown): Source {
    const source = this.place.collector.readSource(raw);
    if (Math.max(source.source.length, source.displayName.length) > MAX_TEXT) {
      throw new SetAside('text_too_long');
    }
    return source;
  }

  /** Fields without a place of their own, as they came: those named here, and those the schema does not know. */
  attributes(...names: (keyof S & string)[]): Record<string, Json> {
    const wanted: readonly string[] = names;
    const kept: [string, Json][] = [];
    for (const [name, value] of Object.entries(this.#raw)) {
      if (value === null || (this.#knows(name) && !wanted.includes(name))) continue;
      kept.push([cleanText(name).slice(0, MAX_TEXT), cleanJson(value)]);
    }
    return Object.fromEntries(kept);
  }

  /** The series of something that has no buckets. */
  series(metric: string, unit: string, rawSource: unknown): SeriesIdentity {
    const { source, displayName } = this.source(rawSource);
    const grouping = 'none';
    const identity = { metric, source, grouping, context: '', displayName, unit } as const;
    const series = this.place.collector.series(identity);
    if (series === null) throw new SetAside('too_many_series');
    return series;
  }

  /** Makes the receipt name fields that the schema does not know. */
  countUnknownFields(section: string): void {
    for (const name of Object.keys(this.#raw)) {
      if (!this.#knows(name)) this.place.collector.unknownField(section, name);
    }
  }

  remark(code: IssueCode): void {
    this.place.collector.remark(this.place.section, this.place.pointer, code);
  }

  #knows(name: string): boolean {
    return Object.hasOwn(this.#schema.shape, name);
  }
}

const isThere = (value: When): boolean => value !== null && value !== undefined && value !== '';
