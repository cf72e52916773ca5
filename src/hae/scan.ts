/**
 * Follows the structure of a JSON text that arrives in pieces, without keeping it: strings end, brackets pair,
 * commas and colons stand where they must in the containers that are watched. What lies inside a value that is
 * not watched is only balanced, never parsed. Pure, one pass, constant memory.
 */

/** The body is not sound JSON; `offset` is the byte where that shows. */
export class InvalidJson extends Error {
  override name = 'InvalidJson';
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}

/** Hears what the scanner meets in watched containers. Offsets count bytes from the start of the body. */
export interface Watcher {
  /** A value begins with the byte `first`. Answer `true` to watch inside it (containers only). */
  enter(first: number, offset: number): boolean;
  /** The value has ended before `offset`. `token` is its text, or `null` if it was a container. */
  leave(offset: number, token: string | null): void;
  /** A key, as a JSON string with its quotes. */
  key(token: string): void;
  /** A comma between two values or members. */
  comma(offset: number): void;
  /** The bracket that closes the innermost watched container. */
  close(offset: number): void;
}

export const OPEN_OBJECT = 0x7b;
export const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Names and units are short; a longer token is cut here, still too long for whoever checks its length. */
const MAX_TOKEN_BYTES = 1024;
/** Deeper than any document means it, shallow enough that the stack of brackets stays small. A power of two: it doubles. */
const MAX_DEPTH = 65_536;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or bracket' | 'the end';
type Mode = 'between' | 'string' | 'bare' | 'inside';

const isSpace = (byte: number): boolean =>
  byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;

const endsBareToken = (byte: number): boolean =>
  byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || isSpace(byte);

export class Scanner {
  readonly #watcher: Watcher;
  #mode: Mode = 'between';
  #expected: Expected = 'value';
  /** Bytes before the current piece. */
  #base = 0;
  /** Opening brackets of the watched containers around the current byte. */
  readonly #watched: number[] = [];

  // Inside a value that is not watched: its brackets, and where we are in its strings.
  #nest = new Uint8Array(64);
  #depth = 0;
  #inString = false;
  #escaped = false;

  readonly #token = new Uint8Array(MAX_TOKEN_BYTES);
  #tokenBytes = 0;
  readonly #decoder = new TextDecoder();

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  /** Takes the next bytes. @throws InvalidJson */
  push(piece: Uint8Array): void {
    let i = this.#base < BYTE_ORDER_MARK.length ? this.#skipByteOrderMark(piece) : 0;
    while (i < piece.length) {
      if (this.#mode === 'inside') i = this.#inside(piece, i);
      else if (this.#mode === 'string') i = this.#string(piece, i);
      else if (this.#mode === 'bare') i = this.#bare(piece, i);
      else i = this.#between(piece, i);
    }
    this.#base += piece.length;
  }

  /** No more bytes come. @returns the bytes seen. @throws InvalidJson */
  end(): number {
    if (this.#expected !== 'the end') {
      throw new InvalidJson(this.#base, this.#base === 0 ? 'it is empty' : 'it ends too early');
    }
    return this.#base;
  }

  #skipByteOrderMark(piece: Uint8Array): number {
    let i = 0;
    while (i < piece.length && piece[i] === BYTE_ORDER_MARK[this.#base + i]) i++;
    return i;
  }

  /** One structural byte of a watched container, or the first byte of a value or key. */
  #between(piece: Uint8Array, from: number): number {
    let i = from;
    while (i < piece.length && isSpace(piece[i] ?? 0)) i++;
    const byte = piece[i];
    if (byte === undefined) return i;
    const offset = this.#base + i;

    switch (byte) {
      case COMMA:
        this.#comma(offset);
        return i + 1;
      case COLON:
        if (this.#expected !== ':') throw this.#unexpected(offset);
        this.#expected = 'value';
        return i + 1;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        this.#close(byte, offset);
        return i + 1;
      default:
        return this.#begin(byte, i);
    }
  }

  #comma(offset: number): void {
    if (this.#expected !== ', or bracket') throw this.#unexpected(offset);
    this.#expected = this.#watched.at(-1) === OPEN_OBJECT ? 'key' : 'value';
    this.#watcher.comma(offset);
  }

  #close(byte: number, offset: number): void {
    const open = byte === CLOSE_OBJECT ? OPEN_OBJECT : OPEN_ARRAY;
    const empty = open === OPEN_OBJECT ? 'key or }' : 'value or ]';
    const mayClose = this.#expected === ', or bracket' || this.#expected === empty;
    if (this.#watched.at(-1) !== open || !mayClose) throw this.#unexpected(offset);
    this.#watcher.close(offset);
    this.#watched.pop();
    this.#ended(offset + 1, null);
  }

  /** Begins a key or a value at `i`; returns where to read on. */
  #begin(byte: number, i: number): number {
    const offset = this.#base + i;
    if (this.#expected === 'key' || this.#expected === 'key or }') {
      if (byte !== QUOTE) throw this.#unexpected(offset);
      return this.#beginString(i);
    }
    if (this.#expected !== 'value' && this.#expected !== 'value or ]') {
      throw this.#unexpected(offset);
    }

    const watch = this.#watcher.enter(byte, offset);
    if (byte === QUOTE) {
      this.#expected = 'value';
      return this.#beginString(i);
    }
    if (byte !== OPEN_OBJECT && byte !== OPEN_ARRAY) {
      this.#mode = 'bare';
      this.#tokenBytes = 0;
      return i;
    }
    if (watch) {
      this.#watched.push(byte);
      this.#expected = byte === OPEN_OBJECT ? 'key or }' : 'value or ]';
    } else {
      this.#mode = 'inside';
      this.#nest[0] = byte;
      this.#depth = 1;
    }
    return i + 1;
  }

  #beginString(i: number): number {
    this.#mode = 'string';
    this.#tokenBytes = 0;
    this.#keep(QUOTE);
    return i + 1;
  }

  /** A key, or a string that is itself a value of a watched container. */
  #string(piece: Uint8Array, from: number): number {
    for (let i = from; i < piece.length; i++) {
      const byte = piece[i] ?? 0;
      this.#keep(byte);
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#mode = 'between';
        this.#stringEnded(this.#base + i + 1);
        return i + 1;
      }
    }
    return piece.length;
  }

  #stringEnded(offset: number): void {
    if (this.#expected === 'key' || this.#expected === 'key or }') {
      this.#expected = ':';
      this.#watcher.key(this.#takeToken());
    } else {
      this.#ended(offset, this.#takeToken());
    }
  }

  /** A number, a word, or garbage that stands where one would. */
  #bare(piece: Uint8Array, from: number): number {
    let i = from;
    while (i < piece.length && !endsBareToken(piece[i] ?? 0)) this.#keep(piece[i++] ?? 0);
    if (i < piece.length) {
      this.#mode = 'between';
      this.#ended(this.#base + i, this.#takeToken());
    }
    return i;
  }

  /** The hot loop: everything inside an element passes here. State is held in locals for speed. */
  #inside(piece: Uint8Array, from: number): number {
    let i = from;
    let inString = this.#inString;
    let escaped = this.#escaped;
    while (i < piece.length) {
      const byte = piece[i++] ?? 0;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === QUOTE) inString = false;
        else if (byte === BACKSLASH) escaped = true;
      } else if (byte === QUOTE) {
        inString = true;
      } else if (byte < OPEN_ARRAY) {
        // Digits, blanks, commas and colons: not ours to judge.
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.#nestDeeper(byte, this.#base + i - 1);
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        // '{' + 2 is '}', '[' + 2 is ']'.
        if (this.#nest[--this.#depth] !== byte - 2) throw this.#unexpected(this.#base + i - 1);
        if (this.#depth === 0) {
          this.#mode = 'between';
          this.#ended(this.#base + i, null);
          break;
        }
      }
    }
    this.#inString = inString;
    this.#escaped = escaped;
    return i;
  }

  #nestDeeper(bracket: number, offset: number): void {
    if (this.#depth === this.#nest.length) {
      if (this.#depth >= MAX_DEPTH) throw new InvalidJson(offset, 'it is nested too deeply');
      const larger = new Uint8Array(this.#nest.length * 2);
      larger.set(this.#nest);
      this.#nest = larger;
    }
    this.#nest[this.#depth++] = bracket;
  }

  #ended(offset: number, token: string | null): void {
    this.#expected = this.#watched.length === 0 ? 'the end' : ', or bracket';
    this.#watcher.leave(offset, token);
  }

  #keep(byte: number): void {
    if (this.#tokenBytes < MAX_TOKEN_BYTES) this.#token[this.#tokenBytes] = byte;
    this.#tokenBytes++;
  }

  /** The token as JSON text. One that was cut is closed again, so that it can stand in a slice's opening. */
  #takeToken(): string {
    const text = this.#decoder.decode(this.#token.subarray(0, this.#tokenBytes));
    return this.#tokenBytes > MAX_TOKEN_BYTES ? JSON.stringify(text) : text;
  }

  #unexpected(offset: number): InvalidJson {
    return new InvalidJson(offset, `${this.#expected} was expected`);
  }
}
