import { hex } from '../hex.ts';

/** What is made of a key under the pepper: the seal that recognises it, and the tag that it carries. */

const HMAC = { name: 'HMAC', hash: 'SHA-256' };
const TAG_PURPOSE = 'self-sensored key tag 1';

const encoder = new TextEncoder();

interface PepperKeys {
  seal: CryptoKey;
  tag: CryptoKey;
}

/** Importing costs as much as signing, and there are few peppers. */
const opened = new Map<string, PepperKeys>();

async function open(pepper: string): Promise<PepperKeys> {
  const known = opened.get(pepper);
  if (known !== undefined) return known;
  const seal = await importKey(encoder.encode(pepper));
  // A key of its own, so that no seal is ever the beginning of a tag.
  const tag = await importKey(await crypto.subtle.sign('HMAC', seal, encoder.encode(TAG_PURPOSE)));
  const keys = { seal, tag };
  opened.set(pepper, keys);
  return keys;
}

const importKey = (secret: BufferSource): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', secret, HMAC, false, ['sign']);

const sign = async (key: CryptoKey, text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));

/**
 * HMAC-SHA-256 of a text under the pepper, in hex. Of a key, it recognises one that was verified before without keeping
 * it: 0.03 ms where argon2id takes 40. Worthless to whoever reads the cache or the database but not the secrets.
 */
export async function sealKey(pepper: string, text: string): Promise<string> {
  const digest = await sign((await open(pepper)).seal, text);
  return hex(digest);
}

const TAG_BYTES = 6;

/** The first 48 bits of an HMAC-SHA-256 of all that stands before the tag, as a number. */
export async function tagKey(pepper: string, body: string): Promise<number> {
  const digest = await sign((await open(pepper)).tag, body);
  return digest.subarray(0, TAG_BYTES).reduce((number, byte) => number * 256 + byte, 0);
}

/** Compares two seals, or two tags, in a time that depends on their lengths alone. */
export function sameSeal(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}
