/** The shape of an API key: `ss_<kind>_<lookup><secret><checksum>`, the last three in base62. Pure. */

import type { KeyKind } from '../model.ts';
import { crc32 } from './crc32.ts';

const KINDS: readonly KeyKind[] = ['ing', 'read', 'admin'];
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LOOKUP_LENGTH = 12;
/** The fewest characters that hold 256 bits: 62^43 > 2^256. */
const SECRET_LENGTH = 43;
/** The fewest that hold 32 bits: 62^6 > 2^32. */
const CHECKSUM_LENGTH = 6;

const SHAPE = new RegExp(
  `^(ss_(${KINDS.join('|')})_([0-9A-Za-z]{${LOOKUP_LENGTH}})[0-9A-Za-z]{${SECRET_LENGTH}})` +
    `([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

/** A key that could be one of ours: its shape and checksum are right. It proves nothing yet. */
export interface ParsedKey {
  kind: KeyKind;
  /** The public part: finds the one row of the key, opens nothing. */
  lookup: string;
  /** The whole key, clean. This is what is hashed. */
  key: string;
}

/** `malformed`: not shaped like a key. `checksum`: shaped like one, but some character is not as it was issued. */
export type KeyFault = 'malformed' | 'checksum';

/** A new key of 256 random bits, with the lookup to store beside its hash. */
export function generateKey(kind: KeyKind): ParsedKey {
  const lookup = randomBase62(LOOKUP_LENGTH);
  const body = `ss_${kind}_${lookup}${randomBase62(SECRET_LENGTH)}`;
  return { kind, lookup, key: body + checksumOf(body) };
}

/** Takes a key as a person pasted it. Costs next to nothing: typos and scanners end here. */
export function parseKey(text: string): ParsedKey | { fault: KeyFault } {
  const key = printable(text);
  const [, body = '', kindText, lookup = '', checksum] = SHAPE.exec(key) ?? [];
  const kind = KINDS.find((name) => name === kindText);
  if (kind === undefined) return { fault: 'malformed' };
  if (checksumOf(body) !== checksum) return { fault: 'checksum' };
  return { kind, lookup, key };
}

/**
 * The key that a request brings, or `null`: `Authorization: Bearer`, then `X-API-Key`, then `api-key`,
 * which is what the official Health Auto Export server reads.
 */
export function readKey(headers: Headers): string | null {
  const bearer = /^\s*bearer\s(.*)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const candidates = [bearer, headers.get('x-api-key'), headers.get('api-key')];
  return candidates.map((text) => printable(text ?? '')).find((text) => text !== '') ?? null;
}

/**
 * A key is printable ASCII, so whatever else a paste on a phone brings along goes: spaces, zero-width
 * characters, and the same characters where a server has read their UTF-8 as Latin-1.
 */
const printable = (text: string): string => text.replace(/[^\x21-\x7e]/g, '');

function checksumOf(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
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
