import type { Counts, Decoded, Drift, IssueCode, SeriesIdentity } from '../model.ts';
import { type IssuePage, Issues } from './issues.ts';
import * as rules from './settle.ts';
import { KeyShelf, SeriesShelf } from './shelf.ts';
import { cleanText, createSourceReader } from './sources.ts';

/** Gathers what a slice holds, series by series, with a count for every item. Pure. */

/** More names than these are no fields, but data in their place. */
const MAX_UNKNOWN_FIELDS = 50;

/**
 * Goes up by one when the same payload begins to give other rows or other counts. Each receipt tells it, so that
 * one finds what an older decoder has read.
 */
const DECODER_VERSION = 2;

/**
 * Series that a slice may name: each that is new costs the database a row and a few lookups. All metrics of the catalogue from
 * a dozen sources are 1,400; a slice of half a megabyte has room for 10,000.
 */
const MAX_SERIES = 2_000;

export class Collector {
  readonly #series = new Map<string, SeriesIdentity>();
  readonly #counts = new Map<string, Counts>();
  readonly #issues: Issues;
  readonly #unknownFields = new Map<string, Map<string, number>>();

  /** Nearly every record names one of the few sources just seen. */
  readonly readSource = createSourceReader();

  readonly samples = new SeriesShelf(rules.samples);
  readonly pressures = new SeriesShelf(rules.pressures);
  readonly nights = new SeriesShelf(rules.nights);
  readonly stages = new SeriesShelf(rules.stages);
  readonly electrocardiograms = new SeriesShelf(rules.electrocardiograms);
  readonly workouts = new KeyShelf(rules.workouts);
  readonly events = new KeyShelf(rules.events);

  constructor(issuePage: IssuePage | null = null) {
    this.#issues = new Issues(issuePage);
  }

  /** The one object that stands for this identity, however many blocks of the slice name it; `null`: one too many. */
  series(identity: SeriesIdentity): SeriesIdentity | null {
    const { metric, unit, context, source, grouping } = identity;
    const key = [metric, unit, context, source, grouping].join('\n');
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    if (this.#series.size === MAX_SERIES) return null;
    this.#series.set(key, identity);
    return identity;
  }

  /** One more item that will be stored. */
  received(metric: string): void {
    this.#count(metric).received++;
  }

  setAside(metric: string, pointer: string, code: IssueCode): void {
    const counts = this.#count(label(metric));
    counts.received++;
    counts.set_aside++;
    this.leaveOut(metric, pointer, code);
  }

  /** Names a point that could not be read inside of an item that is stored. */
  leaveOut(metric: string, pointer: string, code: IssueCode): void {
    this.#issues.name(label(metric), () => label(pointer), code);
  }

  /** Says something of an item that is stored. */
  remark(metric: string, pointer: string, code: IssueCode): void {
    this.#issues.remark(metric, pointer, code);
  }

  /** Counts a field that this server does not know. */
  unknownField(section: string, field: string): void {
    let fields = this.#unknownFields.get(section);
    if (fields === undefined) {
      fields = new Map();
      this.#unknownFields.set(section, fields);
    }
    const name = label(field);
    const times = fields.get(name);
    if (times === undefined && fields.size === MAX_UNKNOWN_FIELDS) return;
    fields.set(name, (times ?? 0) + 1);
  }

  finish(): Decoded {
    const repeated = (metric: string, rows: number) => {
      this.#count(metric).unchanged += rows;
    };
    return {
      samples: this.samples.settled(repeated),
      pressures: this.pressures.settled(repeated),
      nights: this.nights.settled(repeated),
      stages: this.stages.settled(repeated),
      electrocardiograms: this.electrocardiograms.settled(repeated),
      workouts: this.workouts.settled(repeated),
      events: this.events.settled(repeated),
      counts: this.#counts,
      ...this.#issues.finish(),
      drift: this.#drift(),
      decoder: DECODER_VERSION,
    };
  }

  #drift(): Drift {
    return Object.fromEntries(
      [...this.#unknownFields].map(([section, fields]) => [section, Object.fromEntries(fields)]),
    );
  }

  #count(metric: string): Counts {
    let counts = this.#counts.get(metric);
    if (counts === undefined) {
      counts = { received: 0, inserted: 0, updated: 0, unchanged: 0, set_aside: 0 };
      this.#counts.set(metric, counts);
    }
    return counts;
  }
}

const MAX_LABEL = 200;

/** Names of sections and pointers to them come from the body: they may hold anything, at any length. */
const label = (text: string): string => cleanText(text).slice(0, MAX_LABEL).toWellFormed();
