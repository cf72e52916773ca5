import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateKey, parseKey, readKey, recogniseKey } from '../../../src/keys/format.ts';
import type { KeyKind } from '../../../src/model.ts';

const PEPPER = 'a pepper of at least thirty-two characters';
const OTHER = 'the pepper of another server, as long as this';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const kinds = fc.constantFrom<KeyKind>('ing', 'read', 'admin');
const peppers = fc.constantFrom(PEPPER, null);
const base62 = fc.constantFrom(...DIGITS);

const recognise = (text: string) => recogniseKey(text, [PEPPER]);

/** What any client can compute of a key. */
function checksumOf(body: string): string {
  const places = [62 ** 5, 62 ** 4, 62 ** 3, 62 ** 2, 62, 1];
  return places.map((place) => DIGITS[Math.floor(zlib.crc32(body) / place) % 62]).join('');
}

describe.each([
  ['tagged', PEPPER],
  ['checksummed', null],
] as const)('a new key that is %s', (form, pepper) => {
  test.each<KeyKind>(['ing', 'read', 'admin'])('of kind %s is read as what it is', async (kind) => {
    const made = await generateKey(kind, pepper);
    expect(made.key).toMatch(new RegExp(`^ss_${kind}_${made.lookup}[0-9A-Za-z]{49}$`));
    expect(made.lookup).toHaveLength(12);
    expect(made.form).toBe(form);
    expect(parseKey(made.key)).toEqual(made);
    expect(await recognise(made.key)).toMatchObject(made);
  });

  test('never comes twice', async () => {
    const keys = await Promise.all(Array.from({ length: 500 }, () => generateKey('read', pepper)));
    expect(new Set(keys.map(({ key }) => key)).size).toBe(500);
    expect(new Set(keys.map(({ lookup }) => lookup)).size).toBe(500);
  });

  test('uses every digit about equally often', async () => {
    const counts = new Map<string, number>();
    const keys = await Promise.all(Array.from({ length: 2_000 }, () => generateKey('ing', pepper)));
    // What is random in both forms: the lookup without the cell, and 40 digits of the secret.
    for (const { key } of keys) {
      for (const digit of key.slice(9, 59)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    expect(counts.size).toBe(62);
    // A plain `byte % 62` would give the first eight digits 21 % too many; chance moves them by 0.8 % (one sigma).
    const firstEight = [...'01234567'].reduce((sum, digit) => sum + (counts.get(digit) ?? 0), 0);
    const share = firstEight / ((2_000 * 50 * 8) / 62);
    expect(share).toBeGreaterThan(0.95);
    expect(share).toBeLessThan(1.05);
  });
});

test('the lookup of a tagged key begins with its cell', async () => {
  expect((await generateKey('ing', PEPPER)).lookup).toMatch(/^00/);
});

describe('a tag', () => {
  test('is the one that was computed elsewhere (by another program)', async () => {
    const key = `ss_ing_00Lookup0001${'S'.repeat(40)}131R0EiIP`;
    expect(await recognise(key)).toMatchObject({ form: 'tagged', lookup: '00Lookup0001', key });
  });

  test('of another server is not taken', async () => {
    const { key } = await generateKey('ing', OTHER);
    expect(await recognise(key)).toEqual({ fault: 'altered' });
  });

  test('under a former pepper is taken while that is named, and sealed under it', async () => {
    const { key } = await generateKey('ing', OTHER);
    const before = await recogniseKey(key, [OTHER]);
    expect(await recogniseKey(key, [PEPPER, OTHER])).toEqual(before);
  });

  test('cannot be made of the checksum that anyone can compute: such a key is a checksummed one', async () => {
    const { key } = await generateKey('ing', PEPPER);
    const body = key.slice(0, -6);
    expect(await recognise(body + checksumOf(body))).toMatchObject({ form: 'checksummed' });
  });

  test('is not guessed in 5,000 attempts', async () => {
    const body = `ss_ing_00Lookup0001${'S'.repeat(40)}`;
    const guess = (_: unknown, i: number) =>
      recognise(body + String(i).padStart(9, '0')).then((found) => 'fault' in found);
    const refused = await Promise.all(Array.from({ length: 5_000 }, guess));
    expect(refused.every(Boolean)).toBe(true);
  });
});

describe('recognising', () => {
  test('takes a key whose checksum was computed elsewhere (by zlib)', async () => {
    const key = `ss_ing_Lookup000001${'S'.repeat(43)}13Sa97`;
    expect(await recognise(key)).toMatchObject({
      form: 'checksummed',
      lookup: 'Lookup000001',
      key,
    });
  });

  test('refuses a key with any one character changed', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, peppers, fc.nat(), base62, async (kind, pepper, place, other) => {
        const { key } = await generateKey(kind, pepper);
        const at = place % key.length;
        fc.pre(key[at] !== other);
        const typo = key.slice(0, at) + other + key.slice(at + 1);
        expect(await recognise(typo)).toHaveProperty('fault');
      }),
      { numRuns: 1_000 },
    );
  });

  test('refuses a key with two neighbours swapped', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, peppers, fc.nat(), async (kind, pepper, place) => {
        const { key } = await generateKey(kind, pepper);
        const at = place % (key.length - 1);
        fc.pre(key[at] !== key[at + 1]);
        const swapped = `${key.slice(0, at)}${key[at + 1]}${key[at]}${key.slice(at + 2)}`;
        expect(await recognise(swapped)).toHaveProperty('fault');
      }),
      { numRuns: 500 },
    );
  });

  test('refuses digits that look alike, of this alphabet and of others', async () => {
    const lookalikes: Record<string, string> = { O: '0', '0': 'O', l: '1', '1': 'l', I: 'l' };
    const { key } = await generateKey('read', PEPPER);
    const places = [...key.slice(8)].flatMap((digit, i) => (digit in lookalikes ? [i + 8] : []));
    for (const at of places) {
      const mistaken = key.slice(0, at) + lookalikes[key.charAt(at)] + key.slice(at + 1);
      expect(await recognise(mistaken)).toEqual({ fault: 'altered' });
    }
    // The Cyrillic letter is no printable ASCII, so the key is one digit short.
    expect(await recognise(key.replace(/.$/, '\u0430'))).toEqual({ fault: 'malformed' });
  });

  test('tells an altered key from a text that is no key', async () => {
    for (const pepper of [PEPPER, null]) {
      const { key } = await generateKey('ing', pepper);
      const last = key.endsWith('0') ? '1' : '0';
      expect(await recognise(key.slice(0, -1) + last)).toEqual({ fault: 'altered' });
    }
    expect(await recognise('hello')).toEqual({ fault: 'malformed' });
    expect(await recognise('')).toEqual({ fault: 'malformed' });
  });

  test('refuses a kind that was raised, or that there is not', async () => {
    for (const pepper of [PEPPER, null]) {
      const { key } = await generateKey('ing', pepper);
      expect(await recognise(key.replace('ss_ing_', 'ss_admin_'))).toEqual({ fault: 'altered' });
      expect(await recognise(key.replace('ss_ing_', 'ss_root_'))).toEqual({ fault: 'malformed' });
    }
  });

  test('never takes the lookup alone, nor any other part, for a key', async () => {
    const { key, lookup } = await generateKey('read', PEPPER);
    expect(parseKey(lookup)).toEqual({ fault: 'malformed' });
    expect(parseKey(`ss_read_${lookup}`)).toEqual({ fault: 'malformed' });
    for (let length = 0; length < key.length; length++) {
      expect(parseKey(key.slice(0, length))).toEqual({ fault: 'malformed' });
    }
  });

  test('takes a key with what a paste brings along', async () => {
    const brought = fc.constantFrom(' ', '\t', '\u00a0', '\u200b', '\u200d', '\u2060', '\ufeff');
    // The same zero-width space where its UTF-8 was read as Latin-1.
    const misread = fc.constant('\u00e2\u0080\u008b');
    const pasted = fc.array(fc.oneof(brought, misread));
    await fc.assert(
      fc.asyncProperty(fc.nat(), pasted, peppers, async (place, characters, pepper) => {
        const made = await generateKey('ing', pepper);
        const at = place % (made.key.length + 1);
        const text = made.key.slice(0, at) + characters.join('') + made.key.slice(at);
        expect(await recognise(text)).toMatchObject(made);
      }),
    );
  });
});

describe('reading the headers', () => {
  const read = (headers: Record<string, string>) => readKey(new Headers(headers));

  test('finds the key in each of its places', () => {
    expect(read({ Authorization: 'Bearer abc' })).toBe('abc');
    expect(read({ Authorization: 'bearer   abc ' })).toBe('abc');
    expect(read({ 'X-API-Key': ' abc' })).toBe('abc');
    expect(read({ 'api-key': 'abc' })).toBe('abc');
  });

  test('takes the bearer first, then X-API-Key, then api-key', () => {
    const all = { Authorization: 'Bearer one', 'X-API-Key': 'two', 'api-key': 'three' };
    expect(read(all)).toBe('one');
    expect(read({ ...all, Authorization: '' })).toBe('two');
    expect(read({ ...all, Authorization: '', 'X-API-Key': ' ' })).toBe('three');
  });

  test('looks past an Authorization that is not a bearer', () => {
    expect(read({ Authorization: 'Basic dXNlcjpwYXNz', 'api-key': 'abc' })).toBe('abc');
    expect(read({ Authorization: 'Bearer', 'api-key': 'abc' })).toBe('abc');
  });

  test('finds nothing where nothing was sent', () => {
    expect(read({})).toBeNull();
    expect(read({ Authorization: 'Bearer  ', 'X-API-Key': '' })).toBeNull();
  });
});
