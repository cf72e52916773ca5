import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { pause } from './pause.ts';

/**
 * GPX 1.1 as the app and Apple write it: one track, speed and accuracies as extensions. Read as a stream, since a
 * parser that makes a tree holds the isolate as long as the file is large. Pure.
 */

export type TrackPoint = Record<string, string>;

/** Where the points are. */
const PATH = ['gpx', 'trk', 'trkseg', 'trkpt'];
/** Elements of a point, by what they are called in JSON. */
const ELEMENTS: ReadonlyMap<string, string> = new Map([
  ['ele', 'altitude'],
  ['time', 'timestamp'],
]);
const EXTENSIONS: ReadonlySet<string> = new Set(['speed', 'course', 'hAcc', 'vAcc']);

/** No track nests so deeply; the parser keeps an object for each level. */
const MAX_DEPTH = 64;
const OPTIONS = { position: false, xmlns: false } as const;
const BATCH_CHARACTERS = 64 * 1024;

/** @throws Error if it is not sound XML */
export async function* pointsOfGpx(xml: string): AsyncGenerator<TrackPoint[]> {
  const reader = new Reader();
  for (let at = 0; at < xml.length; at += BATCH_CHARACTERS) {
    reader.write(xml.slice(at, at + BATCH_CHARACTERS));
    if (reader.points.length > 0) yield reader.points.splice(0);
    if (xml.length > BATCH_CHARACTERS) await pause();
  }
  reader.close();
}

class Reader {
  readonly points: TrackPoint[] = [];
  readonly #parser = new SaxesParser<typeof OPTIONS>(OPTIONS);
  #depth = 0;
  /** How much of the path the open elements are. */
  #matched = 0;
  #point: TrackPoint = {};
  #inExtensions = false;
  /** The open element of a point that has a text we read. */
  #field: { name: string; depth: number } | null = null;
  #text = '';

  constructor() {
    this.#parser.on('opentag', (tag) => this.#open(tag));
    this.#parser.on('closetag', () => this.#close());
    for (const event of ['text', 'cdata'] as const) {
      this.#parser.on(event, (text) => {
        if (this.#field !== null) this.#text += text;
      });
    }
    this.#parser.on('error', (error) => {
      throw error;
    });
  }

  write(xml: string): void {
    this.#parser.write(xml);
  }

  close(): void {
    this.#parser.close();
  }

  #open({ name, attributes: { lat, lon } }: SaxesTagPlain): void {
    if (this.#depth === MAX_DEPTH) throw new Error('It is nested too deeply.');
    const local = localName(name);
    if (this.#matched === PATH.length) this.#openInPoint(local);
    else if (this.#matched === this.#depth && local === PATH[this.#matched]) {
      this.#matched++;
      this.#point = { ...(lat && { lat }), ...(lon && { lon }) };
    }
    this.#depth++;
  }

  #openInPoint(local: string): void {
    const isDirect = this.#depth === PATH.length;
    if (isDirect) this.#inExtensions = local === 'extensions';
    const field = isDirect
      ? ELEMENTS.get(local)
      : this.#inExtensions && this.#depth === PATH.length + 1 && EXTENSIONS.has(local)
        ? local
        : undefined;
    if (field === undefined) return;
    this.#field = { name: field, depth: this.#depth };
    this.#text = '';
  }

  #close(): void {
    this.#depth--;
    const text = this.#text.trim();
    if (this.#field?.depth === this.#depth) {
      if (text !== '') this.#point[this.#field.name] = text;
      this.#field = null;
    }
    if (this.#depth >= this.#matched) return;
    if (this.#matched === PATH.length) this.points.push(this.#point);
    this.#matched = this.#depth;
  }
}

/** Without the prefix of its namespace. */
const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
