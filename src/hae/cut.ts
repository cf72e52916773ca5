import type { Place, Slice } from '../model.ts';
import { InvalidJson, OPEN_ARRAY, OPEN_OBJECT, Scanner, type Watcher } from './scan.ts';

/**
 * Cuts the body of a Health Auto Export payload into slices, as it passes: byte ranges that end between two
 * elements of `data.<section>[]` or `data.metrics[].data[]`. Nothing of the body is kept but names and units,
 * and those only because a metric's `name` may come after its `data`. Pure.
 */

/** The arrays the app fills. They are also known at the root: some versions put one beside `data`, or leave `data` out. */
const SECTIONS: ReadonlySet<string> = new Set([
  'metrics',
  'workouts',
  'stateOfMind',
  'medications',
  'symptoms',
  'cycleTracking',
  'ecg',
  'heartRateNotifications',
]);

/** The app's own name of a section: some forwarders write `heart_rate_notifications`. */
export const sectionName = (key: string): string =>
  key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const isSection = (key: string): boolean => SECTIONS.has(sectionName(key));

/** An array of the payload that holds elements of one kind. */
export interface SectionFrame {
  kind: 'section';
  /** As the body writes it. */
  name: string;
  pointer: string;
  /** Whether the body is a list of payloads, as one made of several files is. */
  inList: boolean;
  underData: boolean;
  /** Elements that have ended. */
  count: number;
}

/** An object in `metrics`. `name` and `units` are JSON tokens, known for sure once the object has ended. */
export interface MetricFrame {
  kind: 'metric';
  section: SectionFrame;
  index: number;
  name: string | null;
  units: string | null;
}

interface PointsFrame {
  kind: 'points';
  metric: MetricFrame;
  count: number;
}

/** A payload, or the `data` of one. `base` is the pointer of the payload: `''`, or its place in the list. */
interface ObjectFrame {
  kind: 'root' | 'data';
  base: string;
}

type Frame =
  | { kind: 'list'; count: number }
  | ObjectFrame
  | SectionFrame
  | MetricFrame
  | PointsFrame;

/** A byte range of the body that counts as one item, and where it stands. */
export interface Item {
  start: number;
  end: number;
  /** Name and pointer of its section; `data` where that is itself not an object. */
  section: { name: string; pointer: string };
  /** Its index in the section, or that of its metric. `null`: it stands in place of the section's array. */
  element: number | null;
  metric: MetricFrame | null;
  /** Its index in the metric's `data`. `null`: it stands in place of that array, or outside of metrics. */
  point: number | null;
}

/** A place between two elements, where one slice may end and the next begin. */
interface Seam {
  end: number;
  resume: number;
  section: SectionFrame;
  metric: MetricFrame | null;
  /** Elements of the innermost array before it. */
  index: number;
  items: number;
}

export interface Cut {
  slices: Slice[];
  items: number;
  bytes: number;
  /** Whether there was `data`, or a section of the app at the root. */
  isPayload: boolean;
}

export interface CutOptions {
  /** A slice ends before the element that would make it larger than this. */
  sliceBytes: number;
  /** Hears every item, for whoever must take a slice apart piece by piece. */
  onItem?: (item: Item) => void;
}

/** What the value that is being passed means to us. */
type Meaning = 'item' | 'item unless null' | 'name' | 'units' | 'nothing';

export const escapePointer = (part: string): string =>
  part.replaceAll('~', '~0').replaceAll('/', '~1');

function decodeKey(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return '';
  }
}

export class Cutter implements Watcher {
  readonly #scanner = new Scanner(this);
  readonly #options: CutOptions;
  readonly #frames: Frame[] = [];
  #key = '';
  #meaning: Meaning = 'nothing';
  #valueStart = 0;
  #items = 0;
  #isPayload = false;

  readonly #finished: { start: number; from: Seam | null; to: Seam }[] = [];
  #sliceStart = 0;
  #from: Seam | null = null;
  #seam: Seam | null = null;

  constructor(options: CutOptions) {
    this.#options = options;
  }

  /** Takes the next bytes of the body. @throws InvalidJson */
  push(piece: Uint8Array): void {
    this.#scanner.push(piece);
  }

  /** The body has ended. @throws InvalidJson */
  end(): Cut {
    const bytes = this.#scanner.end();
    this.#cutIfLarge(bytes);
    return { slices: this.#slices(bytes), items: this.#items, bytes, isPayload: this.#isPayload };
  }

  enter(first: number, offset: number): boolean {
    this.#valueStart = offset;
    const inner = this.#innerFrame(first, offset);
    if (typeof inner === 'string') {
      this.#meaning = inner;
      return false;
    }
    this.#frames.push(inner);
    return true;
  }

  leave(offset: number, token: string | null): void {
    if (this.#meaning === 'item' || (this.#meaning === 'item unless null' && token !== 'null')) {
      this.#items++;
      this.#options.onItem?.(this.#item(offset));
    }
    const frame = this.#frames.at(-1);
    if (frame?.kind === 'section' || frame?.kind === 'points' || frame?.kind === 'list')
      frame.count++;
    else if (frame?.kind === 'metric' && this.#meaning === 'name') frame.name = token;
    else if (frame?.kind === 'metric' && this.#meaning === 'units') frame.units = token;
    this.#meaning = 'nothing';
  }

  key(token: string): void {
    this.#key = decodeKey(token);
  }

  comma(offset: number): void {
    this.#markSeam(offset, offset + 1);
  }

  close(offset: number): void {
    this.#markSeam(offset, offset);
    this.#frames.pop();
  }

  /** The frame that a value opens, or what the value means where it opens none. */
  #innerFrame(first: number, offset: number): Frame | Meaning {
    const frame = this.#frames.at(-1);
    switch (frame?.kind) {
      case undefined:
        if (first === OPEN_ARRAY) return { kind: 'list', count: 0 };
        if (first !== OPEN_OBJECT) throw new InvalidJson(offset, 'it is not a JSON object');
        return { kind: 'root', base: '' };
      case 'list':
        return first === OPEN_OBJECT ? { kind: 'root', base: `/${frame.count}` } : 'item';
      case 'root':
        return this.#atRoot(first, frame);
      case 'data':
        return this.#section(first, frame);
      case 'section':
        if (frame.name !== 'metrics' || first !== OPEN_OBJECT) return 'item';
        return { kind: 'metric', section: frame, index: frame.count, name: null, units: null };
      case 'metric':
        if (this.#key === 'name' || this.#key === 'units') return this.#key;
        if (this.#key !== 'data') return 'nothing';
        return first === OPEN_ARRAY
          ? { kind: 'points', metric: frame, count: 0 }
          : 'item unless null';
      case 'points':
        return 'item';
    }
  }

  #atRoot(first: number, root: ObjectFrame): Frame | Meaning {
    if (this.#key === 'data') {
      this.#isPayload = true;
      return first === OPEN_OBJECT ? { ...root, kind: 'data' } : 'item unless null';
    }
    if (!isSection(this.#key)) return 'nothing';
    this.#isPayload = true;
    return this.#section(first, root);
  }

  #section(first: number, holder: ObjectFrame): Frame | Meaning {
    if (first !== OPEN_ARRAY) return 'item unless null';
    return {
      kind: 'section',
      name: this.#key,
      pointer: this.#pointerIn(holder),
      inList: holder.base !== '',
      underData: holder.kind === 'data',
      count: 0,
    };
  }

  #pointerIn({ kind, base }: ObjectFrame): string {
    return `${base}${kind === 'data' ? '/data' : ''}/${escapePointer(this.#key)}`;
  }

  #item(end: number): Item {
    const start = this.#valueStart;
    const frame = this.#frames.at(-1);
    switch (frame?.kind) {
      case 'section':
        return { start, end, section: frame, element: frame.count, metric: null, point: null };
      case 'metric':
      case 'points': {
        const metric = frame.kind === 'points' ? frame.metric : frame;
        const point = frame.kind === 'points' ? frame.count : null;
        return { start, end, section: metric.section, element: metric.index, metric, point };
      }
      case 'root':
      case 'data': {
        const section = { name: this.#key, pointer: this.#pointerIn(frame) };
        return { start, end, section, element: null, metric: null, point: null };
      }
      default: {
        const section = { name: 'data', pointer: `/${frame?.count ?? 0}` };
        return { start, end, section, element: null, metric: null, point: null };
      }
    }
  }

  #markSeam(end: number, resume: number): void {
    const frame = this.#frames.at(-1);
    if (frame?.kind !== 'section' && frame?.kind !== 'points') return;
    this.#cutIfLarge(end);
    const metric = frame.kind === 'points' ? frame.metric : null;
    const section = frame.kind === 'points' ? frame.metric.section : frame;
    this.#seam = { end, resume, section, metric, index: frame.count, items: this.#items };
  }

  /** Ends the slice at the last seam if what has come since makes it too large. */
  #cutIfLarge(end: number): void {
    const seam = this.#seam;
    if (seam === null || end - this.#sliceStart <= this.#options.sliceBytes) return;
    if (seam.end <= this.#sliceStart) return;
    this.#finished.push({ start: this.#sliceStart, from: this.#from, to: seam });
    this.#sliceStart = seam.resume;
    this.#from = seam;
  }

  /** Openings and closings are written last: only now is every metric's name known. */
  #slices(bytes: number): Slice[] {
    const ranges = [
      ...this.#finished,
      { start: this.#sliceStart, from: this.#from, to: null as Seam | null },
    ];
    return ranges.map(({ start, from, to }, number) => ({
      number,
      start,
      end: to?.end ?? bytes,
      opening: from === null ? '' : opening(from),
      closing: to === null ? '' : closing(to),
      items: (to?.items ?? this.#items) - (from?.items ?? 0),
      place: place(from),
    }));
  }
}

/** `"name":…,"units":…` as far as they are known. */
function head(metric: MetricFrame): string[] {
  const members: string[] = [];
  if (metric.name !== null) members.push(`"name":${metric.name}`);
  if (metric.units !== null) members.push(`"units":${metric.units}`);
  return members;
}

function opening({ section, metric }: Seam): string {
  const list = section.inList ? '[' : '';
  const outer = `${list}${section.underData ? '{"data":' : ''}{${JSON.stringify(section.name)}:[`;
  return metric === null ? outer : `${outer}{${[...head(metric), '"data":['].join(',')}`;
}

function closing({ section, metric }: Seam): string {
  const outer = `${section.underData ? ']}}' : ']}'}${section.inList ? ']' : ''}`;
  return metric === null ? outer : `${[']', ...head(metric)].join(',')}}${outer}`;
}

function place(from: Seam | null): Place {
  if (from === null) return { section: '', element: 0, point: 0 };
  const { section, metric, index } = from;
  return metric === null
    ? { section: section.pointer, element: index, point: 0 }
    : { section: section.pointer, element: metric.index, point: index };
}
