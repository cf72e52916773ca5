/**
 * The shape of an API key: `ss_<kind>_` and 61 digits of base62, in one of two forms.
 *
 *     tagged       <lookup 12> <secret 40> <tag 9>        the lookup begins with the cell, two digits
 *     checksummed  <lookup 12> <secret 43> <checksum 6>   as keys were made before there were tags
 *
 * Whose last six digits are the CRC-32 of what stands before them, is checksummed; every other key is tagged.
 * {@link generateKey} makes no tagged key of which both are true.
 */

import type { KeyKind } from '../model.ts';
import { crc32 } from './crc32.ts';
import { sameSeal, sealKey, tagKey } from './seal.ts';

const KINDS: readonly KeyKind[] = ['ing', 'read', 'admin'];
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LOOKUP_LENGTH = 12;
const DIGITS = 61;
/** Which database the person lives in: there is one. */
const CELL = '00';
/** The fewest that hold 48 bits: 62^9 > 2^48. Of the 61 digits, 40 are then left to the secret: 238 bits. */
const TAG_LENGTH = 9;
/** The fewest that hold 32 bits: 62^6 > 2^32. */
const CHECKSUM_LENGTH = 6;

const SHAPE = new RegExp(
  `^ss_(${KINDS.join('|')})_([0-9A-Za-z]{${LOOKUP_LENGTH}})[0-9A-Za-z]{${DIGITS - LOOKUP_LENGTH}}$`,
);

/** A key that could be one of ours: it is shaped like one. It proves nothing yet. */
export interface ParsedKey {
  kind: KeyKind;
  /** The public part: finds the one row of the key, opens nothing. */
  lookup: string;
  /** The whole key, clean. This is what is hashed. */
  key: string;
  form: 'tagged' | 'checksummed';
}

/** What a key shows without any store. */
export interface RecognisedKey extends ParsedKey {
  /** HMAC of the whole key: under the pepper that made its tag, else under the present one. */
  seal: string;
}

/** `malformed`: not shaped like a key. `altered`: shaped like one, but neither tag nor checksum fits. */
export type KeyFault = 'malformed' | 'altered';

/**
 * A new key, with the lookup to store beside its hash.
 * @param pepper of the Worker that shall recognise it; `null` makes one with a checksum in place of the tag
 */
export async function generateKey(kind: KeyKind, pepper: string | null): Promise<ParsedKey> {
  if (pepper === null) {
    const lookup = randomLookup();
    const body = `ss_${kind}_${lookup}${randomBase62(DIGITS - LOOKUP_LENGTH - CHECKSUM_LENGTH)}`;
    return { kind, lookup, key: body + checksumOf(body), form: 'checksummed' };
  }
  for (;;) {
    const lookup = CELL + randomBase62(LOOKUP_LENGTH - CELL.length);
    const body = `ss_${kind}_${lookup}${randomBase62(DIGITS - LOOKUP_LENGTH - TAG_LENGTH)}`;
    const key = body + (await tagOf(pepper, body));
    if (!isChecksummed(key)) return { kind, lookup, key, form: 'tagged' };
  }
}

/** For a row that refers to a key which does not exist. */
export const randomLookup = (): string => randomBase62(LOOKUP_LENGTH);

/** Takes a key as a person pasted it. Costs next to nothing: scanners end here. */
export function parseKey(text: string): ParsedKey | { fault: 'malformed' } {
  const shape = shapeOf(text);
  if (shape === null) return { fault: 'malformed' };
  return { ...shape, form: isChecksummed(shape.key) ? 'checksummed' : 'tagged' };
}

/** What a key says of itself before anything is computed; `null` if it is not shaped like one. */
export function shapeOf(text: string): Omit<ParsedKey, 'form'> | null {
  const key = printable(text);
  const [, kindText, lookup = ''] = SHAPE.exec(key) ?? [];
  const kind = KINDS.find((name) => name === kindText);
  return kind === undefined ? null : { kind, lookup, key };
}

/**
 * Tells a key of this server from a typo and a guess, by what the key itself carries. Who has a checksum has proven
 * nothing by it; a tag is only made by who has the pepper.
 * @param peppers the present one, then former ones whose keys are still good
 */
export async function recogniseKey(
  text: string,
  peppers: readonly [string, ...string[]],
): Promise<RecognisedKey | { fault: KeyFault }> {
  const parsed = parseKey(text);
  if ('fault' in parsed) return parsed;
  const pepper = parsed.form === 'tagged' ? await pepperOf(parsed.key, peppers) : peppers[0];
  if (pepper === null) return { fault: 'altered' };
  return { ...parsed, seal: await sealKey(pepper, parsed.key) };
}

async function pepperOf(key: string, peppers: readonly string[]): Promise<string | null> {
  const [body, tag] = [key.slice(0, -TAG_LENGTH), key.slice(-TAG_LENGTH)];
  for (const pepper of peppers) {
    if (sameSeal(tag, await tagOf(pepper, body))) return pepper;
  }
  return null;
}

/**
 * The key that a request brings, or `null`: `Authorization: Bearer`, then `X-API-Key`, then `api-key`,
 * which is what the official Health Auto Export server reads.
 */
export function readKey(headers: Headers): string | null {
  const bearer = /^\s*bearer\s(.*)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const text =
    printable(bearer) || printable(headers.get('x-api-key')) || printable(headers.get('api-key'));
  return text === '' ? null : text;
}

/** Where no key was found: what to write instead. */
export function cureOfMissing(headers: Headers): string {
  const written = headers.get('authorization')?.trim() ?? '';
  if (/^["']?ss_/i.test(written)) {
    return 'The header Authorization has a key without the word Bearer: write Bearer, a blank, then the key.';
  }
  if (written !== '') {
    return 'The header Authorization has something else than Bearer, a blank and a key.';
  }
  return 'Send the header Authorization with the value Bearer, a blank, and a key. In Health Auto Export: Headers, then Add.';
}

/**
 * A key is printable ASCII, so whatever else a paste on a phone brings along goes: spaces, zero-width
 * characters, and the same characters where a server has read their UTF-8 as Latin-1.
 */
const printable = (text: string | null | undefined): string =>
  (text ?? '').replace(/[^\x21-\x7e]/g, '');

const isChecksummed = (key: string): boolean =>
  checksumOf(key.slice(0, -CHECKSUM_LENGTH)) === key.slice(-CHECKSUM_LENGTH);

const checksumOf = (body: string): string => inBase62(crc32(body), CHECKSUM_LENGTH);

const tagOf = async (pepper: string, body: string): Promise<string> =>
  inBase62(await tagKey(pepper, body), TAG_LENGTH);

function inBase62(number: number, length: number): string {
  let rest = number;
  let digits = '';
  for (let i = 0; i < length; i++) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length - text.length))) {
      // 248 is the largest multiple of 62 in a byte: above it, the first eight digits would come more often.
      if (byte < 248) text += BASE62.charAt(byte % 62);
    }
  }
  return text;
}
