import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateKey, parseKey, readKey } from '../../../src/keys/format.ts';
import type { KeyKind } from '../../../src/model.ts';

const kinds = fc.constantFrom<KeyKind>('ing', 'read', 'admin');
const base62 = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');

describe('a generated key', () => {
  test.each<KeyKind>(['ing', 'read', 'admin'])('of kind %s is read back as what it is', (kind) => {
    const made = generateKey(kind);
    expect(made.key).toMatch(new RegExp(`^ss_${kind}_${made.lookup}[0-9A-Za-z]{49}$`));
    expect(made.lookup).toHaveLength(12);
    expect(parseKey(made.key)).toEqual(made);
  });

  test('uses every digit about equally often', () => {
    const counts = new Map<string, number>();
    const keys = 2_000;
    for (let i = 0; i < keys; i++) {
      // Lookup and secret, 55 random digits.
      for (const digit of generateKey('ing').key.slice(7, 62)) {
        counts.set(digit, (counts.get(digit) ?? 0) + 1);
      }
    }
    const expected = (keys * 55) / 62;
    expect(counts.size).toBe(62);
    // A plain `byte % 62` would give the first eight digits 21 % too many; chance moves them by 0.8 % (one sigma).
    const firstEight = [...'01234567'].reduce((sum, digit) => sum + (counts.get(digit) ?? 0), 0);
    expect(firstEight / (expected * 8)).toBeGreaterThan(0.95);
    expect(firstEight / (expected * 8)).toBeLessThan(1.05);
  });

  test('never comes twice', () => {
    const keys = Array.from({ length: 500 }, () => generateKey('read'));
    expect(new Set(keys.map(({ key }) => key)).size).toBe(500);
    expect(new Set(keys.map(({ lookup }) => lookup)).size).toBe(500);
  });
});

describe('parsing', () => {
  test('takes a key whose checksum was computed elsewhere (by zlib)', () => {
    const key = `ss_ing_Lookup000001${'S'.repeat(43)}13Sa97`;
    expect(parseKey(key)).toEqual({ kind: 'ing', lookup: 'Lookup000001', key });
  });

  test('refuses a key with any one character changed', () => {
    fc.assert(
      fc.property(kinds, fc.nat(), base62, (kind, place, other) => {
        const { key } = generateKey(kind);
        const at = place % key.length;
        fc.pre(key[at] !== other);
        expect(parseKey(key.slice(0, at) + other + key.slice(at + 1))).toHaveProperty('fault');
      }),
      { numRuns: 1_000 },
    );
  });

  test('refuses a key with two neighbours swapped', () => {
    fc.assert(
      fc.property(kinds, fc.nat(), (kind, place) => {
        const { key } = generateKey(kind);
        const at = place % (key.length - 1);
        fc.pre(key[at] !== key[at + 1]);
        const swapped = `${key.slice(0, at)}${key[at + 1]}${key[at]}${key.slice(at + 2)}`;
        expect(parseKey(swapped)).toHaveProperty('fault');
      }),
      { numRuns: 500 },
    );
  });

  test('tells a wrong checksum from a text that is no key', () => {
    const { key } = generateKey('ing');
    const last = key.endsWith('0') ? '1' : '0';
    expect(parseKey(key.slice(0, -1) + last)).toEqual({ fault: 'checksum' });
    expect(parseKey('hello')).toEqual({ fault: 'malformed' });
    expect(parseKey('')).toEqual({ fault: 'malformed' });
    expect(parseKey(key.replace('ss_ing_', 'ss_root_'))).toEqual({ fault: 'malformed' });
  });

  test('refuses a kind that was raised', () => {
    const { key } = generateKey('ing');
    expect(parseKey(key.replace('ss_ing_', 'ss_admin_'))).toEqual({ fault: 'checksum' });
  });

  test('never takes the lookup alone, nor any other part, for a key', () => {
    const { key, lookup } = generateKey('read');
    expect(parseKey(lookup)).toEqual({ fault: 'malformed' });
    expect(parseKey(`ss_read_${lookup}`)).toEqual({ fault: 'malformed' });
    for (let length = 0; length < key.length; length++) {
      expect(parseKey(key.slice(0, length))).toEqual({ fault: 'malformed' });
    }
  });

  test('takes a key with what a paste brings along', () => {
    const brought = fc.constantFrom(' ', '\t', '\u00a0', '\u200b', '\u200d', '\u2060', '\ufeff');
    // The same zero-width space where its UTF-8 was read as Latin-1.
    const misread = fc.constant('\u00e2\u0080\u008b');
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.oneof(brought, misread)), (place, characters) => {
        const made = generateKey('ing');
        const at = place % (made.key.length + 1);
        const pasted = made.key.slice(0, at) + characters.join('') + made.key.slice(at);
        expect(parseKey(pasted)).toEqual(made);
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
