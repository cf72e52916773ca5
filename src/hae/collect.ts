import { ISSUES } from '../codes.ts';
import type { Counts, Decoded, Drift, Issue, IssueCode, SeriesIdentity } from '../model.ts';
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
const DECODER_VERSION = 1;

/** A recording may have a million points that are nothing, and each name takes fifty times its space. */
const MAX_LEFT_OUT = 1_000;

export class Collector {
  readonly #series = new Map<string, SeriesIdentity>();
  readonly #counts = new Map<string, Counts>();
  readonly #setAside: Issue[] = [];
  readonly #remarks = new Map<string, Issue & { times: number }>();
  #leftOut = 0;
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

  /** The one object that stands for this identity, however many blocks of the slice name it. */
  series(identity: SeriesIdentity): SeriesIdentity {
    const { metric, unit, context, source, grouping } = identity;
    const key = [metric, unit, context, source, grouping].join('\n');
    const known = this.#series.get(key);
    if (known === undefined) this.#series.set(key, identity);
    return known ?? identity;
  }

  /** One more item that will be stored. */
  received(metric: string): void {
    this.#count(metric).received++;
  }

  setAside(metric: string, pointer: string, code: IssueCode): void {
    const counts = this.#count(label(metric));
    counts.received++;
    counts.set_aside++;
    this.#name(metric, pointer, code);
  }

  /** Names a point that could not be read inside of an item that is stored; after many, the rest as a number. */
  leaveOut(metric: string, pointer: string, code: IssueCode): void {
    if (this.#leftOut++ < MAX_LEFT_OUT) this.#name(metric, pointer, code);
    else this.remark(metric, pointer, code);
  }

  #name(metric: string, pointer: string, code: IssueCode): void {
    this.#setAside.push({
      pointer: label(pointer),
      metric: label(metric),
      code,
      message: ISSUES[code].message,
    });
  }

  /** Says something of an item that is stored. One remark a metric and code, however many items it holds for. */
  remark(metric: string, pointer: string, code: IssueCode): void {
    const key = `${code} ${metric}`;
    const known = this.#remarks.get(key);
    if (known !== undefined) known.times++;
    else this.#remarks.set(key, { pointer, metric, code, message: '', times: 1 });
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
      issues: [...this.#setAside, ...this.#finishedRemarks()],
      drift: this.#drift(),
      decoder: DECODER_VERSION,
    };
  }

  #finishedRemarks(): Issue[] {
    return [...this.#remarks.values()].map(({ times, ...issue }) => ({
      ...issue,
      message: `${ISSUES[issue.code].message}${times > 1 ? ` (${times} times)` : ''}`,
    }));
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
